import type { DeviceTensor } from '../device.js';
import { allocLayer, type KvCache, type KvLayer } from '../kvCache.js';
import type { Decoder } from '../model/transformer.js';
import { type Own, scope } from '../scope.js';
import { total, upload } from './batch.js';
import { zonesOf } from './calibration.js';
import type { ChunkState } from './chunkState.js';
import type { ParallelCompOptions } from './options.js';
import type { KeptTokens } from './report.js';
import type { Choice, StoredLayer } from './tokenEviction.js';

/** The kept chunks' surviving K and V behind each other, chunk by chunk in document order, with room for what follows. */
export interface MergedCache {
  readonly cache: KvCache;
  /** Context rows. */
  readonly length: number;
  /** Per layer and kept chunk; see `KeptTokens` in report.ts. */
  readonly layers: readonly (readonly MergedPart[])[];
}
export type MergedPart = Omit<KeptTokens, 'chunk'>;

/** A kept chunk's place: its columns from `lo` on are candidates, `rows` of them enter the cache, from row `at` on. */
interface Place { readonly chunk: ChunkState; readonly lo: number; readonly rows: number; readonly at: number }

/** The BOS of the first chunk is a candidate, the others' is left out; beyond `capacity` candidates a choice is made. */
function placesOf(chunks: readonly ChunkState[], hasBos: boolean, capacity = Infinity): readonly Place[] {
  let at = 0;
  return chunks.map((chunk, i) => {
    const lo = hasBos && i > 0 ? 1 : 0;
    const place = { chunk, lo, rows: Math.min(chunk.context - lo, capacity), at };
    at += place.rows;
    return place;
  });
}

/**
 * Joins the kept chunks (in document order) into one cache with `room` rows to spare, layer by layer, and sets the
 * calibration's bias. The chunks' own memory is free afterwards. `question`: its length in the chunks' passes.
 */
export async function mergeChunks(model: Decoder, chunks: readonly ChunkState[], options: ParallelCompOptions, question: number, hasBos: boolean, room: number): Promise<MergedCache> {
  const { device, config } = model;
  const places = placesOf(chunks, hasBos, options.capacity);
  const length = total(places.map((p) => p.rows));
  const kept = scope();
  using work = scope();
  try {
    const records = places.map((place) => recordOf(model, place, options, work.own));
    const merged: KvLayer[] = [];
    for (let l = 0; l < config.numLayers; l++) {
      // One layer at a time, so that all chunks never exist twice.
      const zones = zonesOf(options.calibration, l);
      const target = allocLayer(device, config, model.dtype, length + room, zones !== 0, kept.own);
      merged.push(target);
      for (const [i, place] of places.entries()) {
        const layer = place.chunk.layers[l];
        const record = records[i];
        if (layer === undefined || record === undefined) throw new Error(`chunk ${place.chunk.index} has no layer ${l}`);
        mergePart({ model, options, place, record, question, zones }, l, layer, rowsOf(target, place.at, place.at + place.rows));
      }
      for (const chunk of chunks) chunk.layers[l]?.[Symbol.dispose]();
    }
    const parts = await Promise.all(records.map((record, i) => readRecord(model, record, options, merged.map((layer) => biasOf(layer, places[i])))));
    const layers = merged.map((_, l) => parts.flatMap((own) => own[l] ?? []));
    return { cache: { rows: length + room, layers: merged, [Symbol.dispose]: () => kept[Symbol.dispose]() }, length, layers };
  } catch (e) {
    kept[Symbol.dispose]();
    throw e;
  }
}

const rowsOf = (layer: KvLayer, from: number, to: number): KvLayer => ({ keys: layer.keys.slice(from, to), values: layer.values.slice(from, to), bias: layer.bias?.slice(from, to) });

/** What is told of a chunk's choices, all layers on the device until the end: so that no layer waits for the host. */
interface ChunkRecord {
  /** [layers · g, rows]; where nothing is chosen one layer's worth, the same for all. */
  readonly columns: DeviceTensor<'i32'>;
  /** [layers · g, rows]; undefined where the chunk fits its capacity. */
  readonly scores: DeviceTensor<'f32'> | undefined;
  /** [layers · g, r]; undefined without calibration. */
  readonly excluded: DeviceTensor<'f32'> | undefined;
  /** Offsets of the chunk's columns, of its stored rows and of those that survive. */
  readonly offsets: { readonly columns: DeviceTensor; readonly stored: DeviceTensor; readonly rows: DeviceTensor };
}

function recordOf({ device, config }: Decoder, { chunk, lo, rows }: Place, { calibration }: ParallelCompOptions, own: Own): ChunkRecord {
  const { numKvHeads: g, numHeads, numLayers } = config;
  const choice = chunk.layers[0]?.choice;
  const all = <D extends 'i32' | 'f32'>(dtype: D, width: number): DeviceTensor<D> => own(device.alloc(dtype, [numLayers * g, width]));
  const identity = choice === undefined ? Array.from({ length: g }, () => Array.from({ length: rows }, (_, i) => lo + i)).flat() : [];
  const { columns, ...offsets } = upload(device, { columns: identity, columnOffsets: [0, choice?.score.shape[1] ?? 0], storedOffsets: [0, choice?.columns.shape[1] ?? 0], rowOffsets: [0, rows] }, own);
  return {
    columns: choice === undefined ? columns.reshape([g, rows]) : all('i32', rows),
    scores: choice === undefined ? undefined : all('f32', rows),
    excluded: calibration.length > 0 ? all('f32', numHeads / g) : undefined,
    offsets: { columns: offsets.columnOffsets, stored: offsets.storedOffsets, rows: offsets.rowOffsets },
  };
}

interface Merging { readonly model: Decoder; readonly options: ParallelCompOptions; readonly place: Place; readonly record: ChunkRecord; readonly question: number; readonly zones: number }

function mergePart(merging: Merging, l: number, layer: StoredLayer, target: KvLayer): void {
  const { model: { device, config }, options, place: { chunk, lo, rows }, record, zones } = merging;
  const g = config.numKvHeads;
  const own = (x: DeviceTensor): DeviceTensor => x.slice(l * g, (l + 1) * g);
  if (layer.choice === undefined) {
    device.copy(target.keys, layer.keys.slice(lo, lo + rows));
    device.copy(target.values, layer.values.slice(lo, lo + rows));
  } else {
    mergeChosen(merging, layer, layer.choice, own, target);
  }
  if (target.bias === undefined || layer.last === undefined || record.excluded === undefined) return;
  const { query, lse } = layer.last;
  device.launch('hotKeys', {
    q: query.reshape(query.shape.slice(1)), k: target.keys, lse: lse.reshape(lse.shape.slice(1)), column: layer.choice === undefined ? record.columns : own(record.columns),
    scale: 1 / Math.sqrt(config.headDim), threshold: options.threshold, zones, edge: options.edge, length: chunk.context,
  }, { bias: target.bias, excluded: own(record.excluded) });
}

/** Chooses among the stored rows, now that it is known whether the BOS is a candidate, and copies the survivors. */
function mergeChosen({ model: { device, config }, options, place: { lo, rows }, record, question }: Merging, { keys, values }: StoredLayer, { columns, score }: Choice, own: (x: DeviceTensor) => DeviceTensor, target: KvLayer): void {
  if (record.scores === undefined) throw new Error('a chunk beyond its capacity has scores');
  using pooled = device.alloc('f32', score.shape);
  using chosen = device.alloc('i32', [config.numKvHeads, rows]);
  device.launch('pool', { score, lo, behind: question, sure: 0, 'offsets.k': record.offsets.columns }, { out: pooled }, { j: options.pool });
  device.launch('selectStored', { score: pooled, columns }, { out: chosen });
  const surviving = own(record.columns);
  device.launch('compact', { k: keys, v: values, index: chosen, 'offsets.k': record.offsets.stored, 'offsets.n': record.offsets.rows }, { keys: target.keys, values: target.values });
  device.launch('pick', { x: columns, index: chosen }, { out: surviving });
  device.launch('pick', { x: score, index: surviving }, { out: own(record.scores) });
}

const biasOf = ({ bias }: KvLayer, place: Place | undefined): DeviceTensor<'f32'> | undefined => place && bias?.slice(place.at, place.at + place.rows);

/** Per layer, what was chosen of one chunk. `biases`: of its rows, [n, g, r] per layer. */
async function readRecord({ device, config }: Decoder, { columns, scores, excluded }: ChunkRecord, options: ParallelCompOptions, biases: readonly (DeviceTensor<'f32'> | undefined)[]): Promise<readonly MergedPart[]> {
  const [c, s, e] = await Promise.all([device.read(columns), scores && device.read(scores), excluded && device.read(excluded)]);
  const width = columns.shape[1] ?? 0;
  const perHead = (flat: Int32Array | Float32Array, length: number, l: number): readonly (readonly number[])[] =>
    Array.from({ length: config.numKvHeads }, (_, g) => Array.from(flat.subarray((l * config.numKvHeads + g) * length, (l * config.numKvHeads + g + 1) * length)));
  const shared = scores === undefined ? perHead(c, width, 0) : undefined;
  return await Promise.all(biases.map(async (bias, l) => {
    const own = shared ?? perHead(c, width, l);
    const counts = e && zonesOf(options.calibration, l) !== 0 ? perHead(e, excluded?.shape[1] ?? 0, l) : undefined;
    // Few layers and heads exclude anything, and a bias is as large as K.
    const hidden = bias !== undefined && counts?.flat().some((n) => n > 0) ? await device.read(bias) : undefined;
    const excludedColumns = counts?.map((heads, g) => heads.map((_, r) => (own[g] ?? []).filter((_, n) => hidden?.[(n * counts.length + g) * heads.length + r] === -Infinity)));
    return { columns: own, scores: s && perHead(s, width, l), excluded: counts, excludedColumns };
  }));
}
