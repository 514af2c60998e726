import type { DType } from '../dsl/dtype.js';
import type { Device, DeviceTensor, LaunchArgs } from './device.js';
import type { ModelConfig } from './model/config.js';
import { type Own, owning } from './scope.js';

/** What one unit of a KV head's stored numbers is worth, [g] each, where K and V are stored in 8 bits. */
export interface KvScales { readonly keys: DeviceTensor<'f32'>; readonly values: DeviceTensor<'f32'> }

/**
 * K and V of one layer, [rows, g, d], stored once per KV head; with `scales` in f8e4m3, in units of them. `bias` [rows, g, r] in
 * f32 is added to the scores: 0, or −∞ for what a query head must not see.
 */
export interface KvLayer { readonly keys: DeviceTensor; readonly values: DeviceTensor; readonly bias: DeviceTensor<'f32'> | undefined; readonly scales?: KvScales | undefined }

/** K and V of all layers with room for `rows` rows; who uses it knows how many are filled. */
export interface KvCache extends Disposable { readonly rows: number; readonly layers: readonly KvLayer[] }

/** What a model computes in, and the scales of each layer where it stores K and V in 8 bits. */
export interface KvFormat { readonly dtype: 'f32' | 'bf16'; readonly kvScales?: readonly KvScales[] | undefined }

/** What K and V that outlive their pass are stored in. */
export const kvDtype = ({ dtype, kvScales }: KvFormat): 'f32' | 'bf16' | 'f8e4m3' => (kvScales === undefined ? dtype : 'f8e4m3');

/** Memory for `rows` rows per layer, without a bias; in 8 bits where `scales` gives what each layer's are. */
export function allocCache(device: Device, config: ModelConfig, dtype: 'f32' | 'bf16', rows: number, scales?: readonly KvScales[]): KvCache {
  return owning((own) => ({ rows, layers: Array.from({ length: config.numLayers }, (_, l) => allocLayer(device, config, dtype, rows, own, { scales: scales?.[l] })) }));
}

/** Memory for one layer, owned by the caller's scope; with a bias where there is one that it begins as. */
export function allocLayer(device: Device, config: ModelConfig, dtype: 'f32' | 'bf16', rows: number, own: Own, { biasedAs, scales }: { readonly biasedAs?: DeviceTensor<'f32'> | undefined; readonly scales?: KvScales | undefined } = {}): KvLayer {
  const shape = [rows, config.numKvHeads, config.headDim];
  const stored: DType = scales === undefined ? dtype : 'f8e4m3';
  const keys = own(device.alloc(stored, shape));
  const values = own(device.alloc(stored, shape));
  if (biasedAs === undefined) return { keys, values, bias: undefined, scales };
  const bias = own(device.alloc('f32', biasedAs.shape));
  device.copy(bias, biasedAs);
  return { keys, values, bias, scales };
}

/** Which of two kernels reads or writes a layer, and the arguments that the one for 8 bits takes. */
export const scaled = (kernel: string, scales: KvScales | undefined): string => (scales === undefined ? kernel : `${kernel}Scaled`);
export const scalesOf = (scales: KvScales | undefined): LaunchArgs => (scales === undefined ? {} : { kScale: scales.keys, vScale: scales.values });

/** Rows of a layer as views. */
export const rowsOf = ({ keys, values, bias, scales }: KvLayer, from: number, to: number): KvLayer => ({ keys: keys.slice(from, to), values: values.slice(from, to), bias: bias?.slice(from, to), scales });

/** Queues the rounding of rows to what a layer stores them in. */
export function narrowRows(device: Device, rows: Pick<KvLayer, 'keys' | 'values'>, into: KvLayer): void {
  device.launch('narrowRows', { k: rows.keys, v: rows.values, ...scalesOf(into.scales) }, { keys: into.keys, values: into.values });
}

/** One layer of a cache. */
export function layerOf(cache: KvCache, layer: number): KvLayer {
  const found = cache.layers[layer];
  if (found === undefined) throw new Error(`the cache has no layer ${layer}`);
  return found;
}
