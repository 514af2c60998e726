import type { Device } from '../../runtime/device.js';
import type { ModelConfig } from '../../runtime/model/config.js';
import type { Decoder } from '../../runtime/model/transformer.js';
import { loadWeights, specsOf, type Stored } from '../../runtime/model/weights.js';
import { uniform } from './values.js';

/** A decoder small enough for the reference device, with every feature of a large one: grouped heads, untied embeddings, head dim 64. */
export const tinyConfig: ModelConfig = {
  family: 'llama', vocabSize: 24, hiddenSize: 8, numLayers: 4, numHeads: 4, numKvHeads: 2, headDim: 64, ffnSize: 12, window: 64, normEps: 1e-5,
  ropeTheta: 10000, ropeScaling: { kind: 'none' }, tiedEmbeddings: false, qkvBias: false, bosId: 0, eosIds: [],
};

/**
 * A checkpoint drawn from a counter, the same in every language: tensor number `seed` (embedding 1, last norm 2, head 3,
 * then nine per layer in the order of `LayerSpecs`, biases last) has elements of uniform(seed, i).
 */
export function tinyTensors(config: ModelConfig): ReadonlyMap<string, Stored> {
  const tensors = new Map<string, Stored>();
  let seed = 0;
  const matrix = ({ name, shape }: { readonly name: string; readonly shape: readonly number[] }, gain: number): void => {
    const [rows = 0, columns = 1] = shape;
    const scale = gain * Math.sqrt(3 / columns);
    seed++;
    tensors.set(name, stored(shape, Float32Array.from({ length: rows * columns }, (_, i) => (2 * uniform(seed, i) - 1) * scale)));
  };
  const vector = ({ name, shape }: { readonly name: string; readonly shape: readonly number[] }, centre: number): void => {
    seed++;
    tensors.set(name, stored(shape, Float32Array.from({ length: shape[0] ?? 0 }, (_, i) => centre + 0.2 * (2 * uniform(seed, i) - 1))));
  };
  const specs = specsOf[config.family](config);
  matrix(specs.embed, 2);
  vector(specs.norm, 1);
  if (specs.head) matrix(specs.head, 2);
  for (const layer of specs.layers) {
    vector(layer.inputNorm, 1);
    matrix(layer.q, 1.6);
    matrix(layer.k, 1.6);
    for (const spec of [layer.v, layer.o]) matrix(spec, 1);
    vector(layer.postNorm, 1);
    for (const spec of [layer.gate, layer.up, layer.down]) matrix(spec, 1);
    if (layer.bias) for (const spec of [layer.bias.q, layer.bias.k, layer.bias.v]) vector(spec, 0);
  }
  return tensors;
}

const stored = (shape: readonly number[], values: Float32Array): Stored => ({ dtype: 'f32', shape, bytes: new Uint8Array(values.buffer) });
const asBf16 = ({ shape, bytes }: Stored): Stored => ({ dtype: 'bf16', shape, bytes: new Uint8Array(Uint16Array.from(new Uint32Array(bytes.buffer), (bits) => bits >>> 16).buffer) });

/** The tiny model on a device; stored in bf16, as it is unless said where it computes in it, its numbers are cut to it. */
export async function tinyModel(device: Device, changes: Partial<ModelConfig> = {}, dtype: Decoder['dtype'] = 'f32', storedIn = dtype): Promise<Decoder> {
  const config = { ...tinyConfig, ...changes };
  const tensors = tinyTensors(config);
  const lookup = (name: string): Stored => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`no tensor '${name}'`);
    return storedIn === 'f32' ? found : asBf16(found);
  };
  return { config, weights: await loadWeights(device, config, lookup, dtype), device, dtype };
}
