import { dtypeBytes } from '../../dsl/dtype.js';
import type { Device, DeviceTensor } from '../device.js';
import { RuntimeError } from '../error.js';
import { type Own, scope } from '../scope.js';
import type { ModelConfig } from './config.js';
import { type LayerSpecs, llamaWeights, type ModelSpecs, type WeightSpec } from './llama.js';
import { qwen2Weights } from './qwen2.js';

/** A matrix [outputs, inputs] and the bias that follows it, where there is one. */
export interface Projection { readonly w: DeviceTensor; readonly bias: DeviceTensor | undefined }

export interface LayerWeights {
  readonly inputNorm: DeviceTensor;
  readonly q: Projection;
  readonly k: Projection;
  readonly v: Projection;
  /** q, k and v, which are parts of it, where they lie behind each other. */
  readonly qkv: Projection | undefined;
  readonly o: DeviceTensor;
  readonly postNorm: DeviceTensor;
  readonly gate: DeviceTensor;
  readonly up: DeviceTensor;
  readonly down: DeviceTensor;
}

/** All weights on a device, in the dtype the kernels compute in. `head` is `embed` itself where embeddings are tied. */
export interface Weights extends Disposable {
  readonly embed: DeviceTensor;
  readonly norm: DeviceTensor;
  readonly head: DeviceTensor;
  readonly layers: readonly LayerWeights[];
}

/** A tensor as stored: its bytes may be a mapped file. */
export interface Stored { readonly dtype: string; readonly shape: readonly number[]; readonly bytes: Uint8Array }
/** Finds a stored tensor by name; throws when there is none. */
export type Lookup = (name: string) => Stored;

/** Names and shapes that the family's checkpoints have. */
export const specsOf: Readonly<Record<ModelConfig['family'], (config: ModelConfig) => ModelSpecs>> = { llama: llamaWeights, qwen2: qwen2Weights };

/**
 * Puts a checkpoint on a device. Stored bf16 and f16 become `dtype` f32 by a kernel; a tensor that already has `dtype` is
 * used where it lies. Those of q, k and v lie behind each other, but on a processor that can use them where they lie. Resolves
 * when the device has read everything. Throws R305 for a wrong shape, R306 for a dtype that cannot become `dtype`.
 */
export async function loadWeights(device: Device, config: ModelConfig, lookup: Lookup, dtype: 'f32' | 'bf16', onProgress: (done: number, total: number) => void = () => {}): Promise<Weights> {
  const specs = specsOf[config.family](config);
  const owned = scope();
  const total = countOf(specs);
  let done = 0;
  const get: Get = (...specs) => {
    const tensor = placed(device, specs.map((spec) => fitting(spec, lookup(spec.name), dtype)), dtype, owned.own);
    for (const _ of specs) onProgress(++done, total);
    return tensor;
  };
  const canJoin = (...specs: readonly WeightSpec[]): boolean => {
    const [from, ...others] = specs.map(({ name }) => storedDtype(lookup(name)));
    return others.every((other) => other === from) && !(device.kind === 'cpu' && from === dtype);
  };
  try {
    const embed = get(specs.embed);
    const [norm, head] = [get(specs.norm), specs.head === undefined ? embed : get(specs.head)];
    const layers: LayerWeights[] = [];
    const bytesOfLayer = weightElements(config) / specs.layers.length * dtypeBytes[dtype];
    for (const [i, layer] of specs.layers.entries()) {
      layers.push(layerOf(layer, get, canJoin));
      // Progress tells of what has arrived, and a signal is seen while it does. Whoever reads in parallel stops for it.
      if ((i + 1) % Math.ceil(arrivingBytes / bytesOfLayer) === 0) await device.sync();
    }
    await device.sync();
    return { embed, norm, head, layers, [Symbol.dispose]: () => owned[Symbol.dispose]() };
  } catch (e) {
    owned[Symbol.dispose]();
    throw e;
  }
}

/** Bytes of layers that may be on their way at a time. */
const arrivingBytes = 2 ** 30;

/** Puts tensors on the device as rows of one. */
type Get = (...specs: readonly WeightSpec[]) => DeviceTensor;

function layerOf(s: LayerSpecs, get: Get, canJoin: (...specs: readonly WeightSpec[]) => boolean): LayerWeights {
  const project = (w: WeightSpec, bias: WeightSpec | undefined): Projection => ({ w: get(w), bias: bias && get(bias) });
  const joined = canJoin(s.q, s.k, s.v) && (s.bias === undefined || canJoin(s.bias.q, s.bias.k, s.bias.v));
  const qkv = joined ? { w: get(s.q, s.k, s.v), bias: s.bias && get(s.bias.q, s.bias.k, s.bias.v) } : undefined;
  const [[ofQ = 0], [ofK = 0]] = [s.q.shape, s.k.shape];
  const parts = qkv
    ? { q: rowsOf(qkv, 0, ofQ), k: rowsOf(qkv, ofQ, ofQ + ofK), v: rowsOf(qkv, ofQ + ofK) }
    : { q: project(s.q, s.bias?.q), k: project(s.k, s.bias?.k), v: project(s.v, s.bias?.v) };
  return {
    inputNorm: get(s.inputNorm), ...parts, qkv, o: get(s.o),
    postNorm: get(s.postNorm), gate: get(s.gate), up: get(s.up), down: get(s.down),
  };
}

/** Some outputs of a projection. */
const rowsOf = ({ w, bias }: Projection, from: number, to = w.shape[0] ?? 0): Projection => ({ w: w.slice(from, to), bias: bias?.slice(from, to) });

/** Elements of all weights together. */
export function weightElements(config: ModelConfig): number {
  const { embed, norm, head, layers } = specsOf[config.family](config);
  const elements = (spec: WeightSpec | undefined): number => (spec === undefined ? 0 : spec.shape.reduce((n, s) => n * s, 1));
  const inLayer = ({ bias, ...matrices }: LayerSpecs): number => [...Object.values(matrices), ...Object.values(bias ?? {})].reduce((n, spec) => n + elements(spec), 0);
  return elements(embed) + elements(norm) + elements(head) + layers.reduce((n, layer) => n + inLayer(layer), 0);
}

const countOf = (specs: ModelSpecs): number => 2 + (specs.head ? 1 : 0) + specs.layers.reduce((n, layer) => n + (layer.bias ? 12 : 9), 0);

type StoredDtype = 'f32' | 'bf16' | 'f16';
const storedDtypes: Readonly<Record<string, StoredDtype>> = { f32: 'f32', bf16: 'bf16', f16: 'f16' };
const storedDtype = ({ dtype }: Stored): StoredDtype | undefined => storedDtypes[dtype.toLowerCase()];

/** A stored tensor that is what it must be. */
interface Fitting { readonly dtype: StoredDtype; readonly shape: readonly number[]; readonly bytes: Uint8Array }

function fitting({ name, shape }: WeightSpec, stored: Stored, dtype: 'f32' | 'bf16'): Fitting {
  if (stored.shape.length !== shape.length || stored.shape.some((n, i) => n !== shape[i])) {
    throw new RuntimeError('R305', `the tensor has shape [${stored.shape.join(', ')}], config.json makes it [${shape.join(', ')}]`, { where: name, remedy: 'check that config.json and weights belong together' });
  }
  const from = storedDtype(stored);
  if (from === undefined || (from !== dtype && dtype !== 'f32')) {
    throw new RuntimeError('R306', `the tensor is ${stored.dtype}, the model computes in ${dtype}`, { where: name, remedy: "use a checkpoint in f32, bf16 or f16, and dtype 'f32' where it is not bf16" });
  }
  return { dtype: from, shape, bytes: stored.bytes };
}

/** Tensors of one dtype as rows of one. */
function placed(device: Device, parts: readonly Fitting[], dtype: 'f32' | 'bf16', own: Own): DeviceTensor {
  const shape = [parts.reduce((n, part) => n + rowsIn(part), 0), ...(parts[0]?.shape.slice(1) ?? [])];
  if (parts.every((part) => part.dtype === dtype)) return own(device.adopt(dtype, shape, ...parts.map(({ bytes }) => bytes)));
  const wide = own(device.alloc('f32', shape));
  let row = 0;
  for (const part of parts) {
    widen(device, part, wide.slice(row, row + rowsIn(part)));
    row += rowsIn(part);
  }
  return wide;
}

const rowsIn = ({ shape }: Fitting): number => shape[0] ?? 1;

function widen(device: Device, { dtype, shape, bytes }: Fitting, wide: DeviceTensor): void {
  const flat = shape.reduce((n, s) => n * s, 1);
  // Disposed before it is read: its memory is handed out again only behind that.
  using narrow = device.adopt(dtype, [flat], bytes);
  device.launch('widen', { x: narrow }, { out: wide.reshape([flat]) });
}
