import { dtypeBytes } from '../../dsl/dtype.js';
import { allocLayer, kvDtype, type KvFormat, type KvLayer, narrowRows, rowsOf } from '../kvCache.js';
import { type Decoder, forward } from '../model/transformer.js';
import { type Own, owning, scope } from '../scope.js';
import { prefixSums, total, upload } from './batch.js';
import type { Chunk } from './chunking.js';
import { anglesAt, type ChunkSpace } from './prefill.js';

/** K and V of all layers of some chunks, nothing evicted, [rows, g, d] packed chunk by chunk: what does not depend on a question. */
export interface StoredChunks extends Disposable { readonly chunks: readonly Chunk[]; readonly layers: readonly KvLayer[] }

/** Memory for the K and V of some chunks. */
export function allocStored({ device, config, dtype, kvScales }: Decoder, chunks: readonly Chunk[]): StoredChunks {
  const rows = total(chunks.map((chunk) => chunk.ids.length));
  return owning((own) => ({ chunks, layers: Array.from({ length: config.numLayers }, (_, l) => allocLayer(device, config, dtype, rows, own, { scales: kvScales?.[l] })) }));
}

/** Reads stored chunks, each alone at positions from 0, into their memory. Resolves when the device has done it. */
export async function encodeStored(model: Decoder, space: ChunkSpace, { chunks, layers }: Pick<StoredChunks, 'chunks' | 'layers'>, signal?: AbortSignal): Promise<void> {
  using work = scope();
  const lengths = chunks.map((chunk) => chunk.ids.length);
  const { offsets, last, positions } = uploadParts(model, lengths, work.own);
  const ids = chunks.flatMap((chunk) => chunk.ids);
  const between = model.kvScales === undefined ? undefined : allocLayer(model.device, model.config, model.dtype, ids.length, work.own);
  const afterLayer = between && ((l: number): void => narrowRows(model.device, between, layerAt(layers, l)));
  await forward(model, space.ws, {
    ids, rope: anglesAt(model, space.rope, positions, work.own), ahead: 2, signal,
    cache: (l) => between ?? layerAt(layers, l), rows: { kind: 'encoded', parts: { offsets, last, longest: Math.max(...lengths) }, afterLayer },
  });
  await model.device.sync();
}

/** Bytes of the K and V of some rows in all layers. */
export const storedBytes = (model: Pick<Decoder, 'config' | keyof KvFormat>, rows: number): number => {
  const { numLayers, numKvHeads, headDim } = model.config;
  return rows * 2 * numLayers * numKvHeads * headDim * dtypeBytes[kvDtype(model)];
};

/** Some of the stored chunks, from number `from` to `to`, as views. */
export function slicedStore({ chunks, layers }: Pick<StoredChunks, 'chunks' | 'layers'>, from: number, to: number): Pick<StoredChunks, 'chunks' | 'layers'> {
  const rows = (count: number): number => total(chunks.slice(0, count).map((chunk) => chunk.ids.length));
  const [first, end] = [rows(from), rows(to)];
  return { chunks: chunks.slice(from, to), layers: layers.map((layer) => rowsOf(layer, first, end)) };
}

function uploadParts({ device }: Decoder, lengths: readonly number[], own: Own) {
  const offsets = prefixSums(lengths);
  return upload(device, { offsets, last: offsets.slice(1).map((end) => end - 1), positions: lengths.flatMap((n) => Array.from({ length: n }, (_, i) => i)) }, own);
}

/** One layer of a store. */
export function layerAt(layers: readonly KvLayer[], l: number): KvLayer {
  const layer = layers[l];
  if (layer === undefined) throw new Error(`the store has no layer ${l}`);
  return layer;
}
