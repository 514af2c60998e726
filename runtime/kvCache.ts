import type { Device, DeviceTensor } from './device.js';
import type { ModelConfig } from './model/config.js';
import { type Own, owning } from './scope.js';

/** K and V of one layer, [rows, g, d], stored once per KV head. `bias` [rows, g, r] in f32 is added to the scores: 0, or −∞ for what a query head must not see. */
export interface KvLayer { readonly keys: DeviceTensor; readonly values: DeviceTensor; readonly bias: DeviceTensor<'f32'> | undefined }

/** K and V of all layers with room for `rows` rows; who uses it knows how many are filled. */
export interface KvCache extends Disposable { readonly rows: number; readonly layers: readonly KvLayer[] }

/** Memory for `rows` rows per layer, without a bias. */
export function allocCache(device: Device, config: ModelConfig, dtype: 'f32' | 'bf16', rows: number): KvCache {
  return owning((own) => ({ rows, layers: Array.from({ length: config.numLayers }, () => allocLayer(device, config, dtype, rows, own)) }));
}

/** Memory for one layer, owned by the caller's scope; with a bias where there is one that it begins as. */
export function allocLayer(device: Device, config: ModelConfig, dtype: 'f32' | 'bf16', rows: number, own: Own, biasedAs?: DeviceTensor<'f32'>): KvLayer {
  const shape = [rows, config.numKvHeads, config.headDim];
  const keys = own(device.alloc(dtype, shape));
  const values = own(device.alloc(dtype, shape));
  if (biasedAs === undefined) return { keys, values, bias: undefined };
  const bias = own(device.alloc('f32', biasedAs.shape));
  device.copy(bias, biasedAs);
  return { keys, values, bias };
}

/** One layer of a cache. */
export function layerOf(cache: KvCache, layer: number): KvLayer {
  const found = cache.layers[layer];
  if (found === undefined) throw new Error(`the cache has no layer ${layer}`);
  return found;
}
