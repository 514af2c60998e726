import type { Device, DeviceTensor } from '../device.js';
import { allocLayer, type KvCache, type KvLayer } from '../kvCache.js';
import type { Decoder } from '../model/transformer.js';
import { scope } from '../scope.js';
import { zonesOf } from './calibration.js';
import type { ParallelCompOptions } from './options.js';
import type { ChunkState } from './prefill.js';
import { chooseColumns, type StoredLayer } from './tokenEviction.js';

/** The kept chunks' surviving K and V behind each other, chunk by chunk in document order, with room for what follows. */
export interface MergedCache {
  readonly cache: KvCache;
  /** Context rows. */
  readonly length: number;
  /** Per layer and kept chunk; see `KeptTokens` in report.ts. */
  readonly layers: readonly (readonly MergedPart[])[];
}
export interface MergedPart { readonly columns: readonly (readonly number[])[]; readonly excluded: readonly (readonly number[])[] | undefined; readonly scores: readonly (readonly number[])[] | undefined }

/** Columns of a chunk that enter the cache: its candidates, or `capacity` of them where there are more. */
function partRows(chunk: ChunkState, leads: boolean, hasBos: boolean, capacity: number | undefined): { readonly lo: number; readonly rows: number } {
  const lo = hasBos && !leads ? 1 : 0;
  return { lo, rows: Math.min(chunk.context - lo, capacity ?? Infinity) };
}

/**
 * Joins the kept chunks (in document order) into one cache with `room` rows to spare, layer by layer, and sets the
 * calibration's bias. The chunks' own memory is free afterwards. The BOS of the first chunk is a candidate, the others'
 * is left out.
 */
export async function mergeChunks(model: Decoder, chunks: readonly ChunkState[], options: ParallelCompOptions, hasBos: boolean, room: number): Promise<MergedCache> {
  const sizes = chunks.map((chunk, i) => partRows(chunk, i === 0, hasBos, options.capacity));
  const length = sizes.reduce((n, s) => n + s.rows, 0);
  const owned = scope();
  try {
    const merged: KvLayer[] = [];
    const layers: MergedPart[][] = [];
    for (let l = 0; l < model.config.numLayers; l++) {
      // One layer at a time, so that all chunks never exist twice.
      const target = allocLayer(model.device, model.config, model.dtype, length + room, zonesOf(options.calibration, l) !== 0, owned.own);
      merged.push(target);
      const parts: MergedPart[] = [];
      let at = 0;
      for (const [i, chunk] of chunks.entries()) {
        const { lo, rows } = sizes[i] ?? { lo: 0, rows: 0 };
        const layer = chunk.layers[l];
        if (layer === undefined) throw new Error(`chunk ${chunk.index} has no layer ${l}`);
        parts.push(await mergePart(model, options, layer, { lo, rows, context: chunk.context, zones: zonesOf(options.calibration, l), hasBos }, rowsOf(target, at, at + rows)));
        at += rows;
      }
      layers.push(parts);
      for (const chunk of chunks) chunk.layers[l]?.[Symbol.dispose]();
    }
    return { cache: { rows: length + room, layers: merged, [Symbol.dispose]: () => owned[Symbol.dispose]() }, length, layers };
  } catch (e) {
    owned[Symbol.dispose]();
    throw e;
  }
}

const rowsOf = (layer: KvLayer, from: number, to: number): KvLayer => ({ keys: layer.keys.slice(from, to), values: layer.values.slice(from, to), bias: layer.bias?.slice(from, to) });

interface Part { readonly lo: number; readonly rows: number; readonly context: number; readonly zones: number; readonly hasBos: boolean }

async function mergePart(model: Decoder, options: ParallelCompOptions, layer: StoredLayer, part: Part, target: KvLayer): Promise<MergedPart> {
  const { device, config } = model;
  using owned = scope();
  const upload = (index: readonly (readonly number[])[]): DeviceTensor => {
    const tensor = owned.own(device.alloc('i32', [config.numKvHeads, part.rows]));
    device.write(tensor, Int32Array.from(index.flat()));
    return tensor;
  };
  const columns = await survivors(device, layer, part, options, config.numKvHeads);
  device.launch('compact', { k: layer.keys, v: layer.values, index: upload(await rowsOfColumns(device, layer, columns)) }, { keys: target.keys, values: target.values });
  const scores = await scoresOf(device, layer, part.context, columns);
  if (target.bias === undefined) return { columns, excluded: undefined, scores };

  const [g, r] = [config.numKvHeads, config.numHeads / config.numKvHeads];
  const excluded = owned.own(device.alloc('f32', [g, r]));
  device.launch('hotKeys', {
    q: layer.lastQuery, k: target.keys, lse: layer.lastLse, column: upload(columns), scale: 1 / Math.sqrt(config.headDim),
    threshold: options.threshold, zones: part.zones, edge: options.edge, length: part.context,
  }, { bias: target.bias, excluded });
  return { columns, excluded: perHead(await device.read(excluded), r), scores };
}

/** Per KV head, the columns of the chunk that survive, ascending. Only the leading chunk's choice is still to be made. */
async function survivors(device: Device, layer: StoredLayer, { lo, rows, context, hasBos }: Part, options: ParallelCompOptions, numKvHeads: number): Promise<readonly (readonly number[])[]> {
  if (rows === context - lo) return Array.from({ length: numKvHeads }, () => Array.from({ length: rows }, (_, i) => lo + i));
  if (!(hasBos && lo === 0) && layer.chosen !== undefined) return perHead(await device.read(layer.chosen), rows);
  if (layer.score === undefined) throw new Error('a chunk beyond its capacity has scores');
  using chosen = chooseColumns(device, layer.score, lo, rows, options.pool);
  return perHead(await device.read(chosen), rows);
}

/** The tail scores of the given columns. */
async function scoresOf(device: Device, { score }: StoredLayer, context: number, columns: readonly (readonly number[])[]): Promise<MergedPart['scores']> {
  if (score === undefined) return undefined;
  const all = perHead(await device.read(score), context);
  return columns.map((own, g) => own.map((column) => all[g]?.[column] ?? NaN));
}

/** Where the given columns stand among the stored rows; see Note [The leading chunk] in tokenEviction.ts. */
async function rowsOfColumns(device: Device, layer: StoredLayer, columns: readonly (readonly number[])[]): Promise<readonly (readonly number[])[]> {
  const { chosen, behind } = layer;
  if (chosen === undefined || behind === undefined) return columns;
  const stored = perHead(await device.read(chosen), chosen.shape[1] ?? 0);
  return columns.map((own, g) => {
    const rows = new Map<number, number>(stored[g]?.map((column, row) => [column, row]));
    return own.map((column) => rows.get(column) ?? behind + column);
  });
}

function perHead(flat: ArrayLike<number>, length: number): readonly (readonly number[])[] {
  return Array.from({ length: length === 0 ? 0 : flat.length / length }, (_, g) => Array.from({ length }, (_, i) => flat[g * length + i] ?? 0));
}
