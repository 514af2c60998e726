import type { DeviceTensor } from '../../runtime/device.js';
import { allocLayer, type KvCache } from '../../runtime/kvCache.js';
import type { Decoder } from '../../runtime/model/transformer.js';
import { type Own, owning } from '../../runtime/scope.js';
import { uniform } from './values.js';

/** A cache whose first rows are drawn from a seed, and whose odd layers have a bias that hides some of them. */
export function drawnCache(model: Decoder, rows: number, filled: number, seed: number): KvCache {
  const { device, config } = model;
  using zero = device.alloc('f32', [rows, config.numKvHeads, config.numHeads / config.numKvHeads]);
  device.write(zero, new Float32Array(rows * config.numHeads));
  return owning((own) => ({ rows, layers: layersOf(model, rows, filled, seed, zero, own) }));
}

const layersOf = (model: Decoder, rows: number, filled: number, seed: number, zero: DeviceTensor<'f32'>, own: Own): KvCache['layers'] =>
  Array.from({ length: model.config.numLayers }, (_, l) => {
    const layer = allocLayer(model.device, model.config, model.dtype, rows, own, { biasedAs: l % 2 === 1 ? zero : undefined });
    for (const [i, t] of [layer.keys, layer.values].entries()) fill(model, t.slice(0, filled), (j) => 2 * uniform(seed + 2 * l + i, j) - 1);
    if (layer.bias) fill(model, layer.bias.slice(0, filled), (j) => (uniform(seed - l, j) < 0.2 ? -Infinity : 0));
    return layer;
  });

function fill({ device }: Decoder, t: DeviceTensor, value: (i: number) => number): void {
  const numbers = Float32Array.from({ length: t.shape.reduce((n, s) => n * s, 1) }, (_, i) => value(i));
  device.write(t, t.dtype === 'f32' ? numbers : Uint16Array.from(new Uint32Array(numbers.buffer), (bits) => bits >>> 16));
}
