import type { DeviceTensor } from '../device.js';
import { allocLayer, type KvCache, type KvLayer, rowsOf, scaled } from '../kvCache.js';
import type { Decoder } from '../model/transformer.js';
import { type Own, scope } from '../scope.js';
import { total } from './batch.js';
import { zonesOf } from './calibration.js';
import type { ChunkState } from './chunkState.js';
import { type ChunkRecord, type MergedPart, partsOf, readRecord, recordOf } from './mergeRecord.js';
import type { ParallelCompOptions } from './options.js';
import type { Choice, StoredLayer } from './tokenEviction.js';

/** The kept chunks' surviving K and V behind each other, chunk by chunk in document order, with room for what follows. */
export interface MergedCache {
  readonly cache: KvCache;
  /** Context rows. */
  readonly length: number;
  /**
   * Reads what was chosen and gives the memory back that it lay in; later, since nothing that follows needs it. Per layer and kept
   * chunk; see `KeptTokens` in report.ts. The numbers are put into lists when the result is called: millions of them in a large model.
   */
  readonly told: () => Promise<() => readonly (readonly MergedPart[])[]>;
}

/** A kept chunk's place: its columns from `lo` on are candidates, `rows` of them enter the cache, from row `at` on. */
export interface Place { readonly chunk: ChunkState; readonly lo: number; readonly rows: number; readonly at: number }

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
 * Queues the joining of the kept chunks (in document order) into one cache with `room` rows to spare, layer by layer, and the
 * calibration's bias. The chunks' own memory is free afterwards; disposing the cache gives back what was not told
 * either. `question`: its length in the chunks' passes.
 */
export function mergeChunks(model: Decoder, chunks: readonly ChunkState[], options: ParallelCompOptions, question: number, hasBos: boolean, room: number): MergedCache {
  const { device, config } = model;
  const places = placesOf(chunks, hasBos, options.capacity);
  const length = total(places.map((p) => p.rows));
  const kept = scope();
  const work = kept.own(scope());
  try {
    const records = places.map((place) => recordOf(model, place, options, work.own));
    const zero = options.calibration.length === 0 ? undefined : noBias(model, length + room, work.own);
    const merged: KvLayer[] = [];
    for (let l = 0; l < config.numLayers; l++) {
      // One layer at a time, so that all chunks never exist twice.
      const zones = zonesOf(options.calibration, l);
      const target = allocLayer(device, config, model.dtype, length + room, kept.own, { biasedAs: zones === 0 ? undefined : zero, scales: model.kvScales?.[l] });
      merged.push(target);
      for (const [i, place] of places.entries()) {
        const layer = place.chunk.layers[l];
        const record = records[i];
        if (layer === undefined || record === undefined) throw new Error(`chunk ${place.chunk.index} has no layer ${l}`);
        mergePart({ model, options, place, record, question, zones }, l, layer, rowsOf(target, place.at, place.at + place.rows));
      }
      for (const chunk of chunks) chunk.layers[l]?.[Symbol.dispose]();
    }
    const told = async (): Promise<() => readonly (readonly MergedPart[])[]> => {
      const read = await Promise.all(records.map((record, i) => readRecord(model, record, options, merged.map((layer) => biasOf(layer, places[i])))));
      work[Symbol.dispose]();
      return () => {
        const parts = read.map(partsOf);
        return merged.map((_, l) => parts.flatMap((own) => own[l] ?? []));
      };
    };
    return { cache: { rows: length + room, layers: merged, [Symbol.dispose]: () => kept[Symbol.dispose]() }, length, told };
  } catch (e) {
    kept[Symbol.dispose]();
    throw e;
  }
}

/** A bias [rows, g, r] that changes nothing, of which every layer gets a copy: written once. */
function noBias({ device, config: { numHeads, numKvHeads } }: Decoder, rows: number, own: Own): DeviceTensor<'f32'> {
  const bias = own(device.alloc('f32', [rows, numKvHeads, numHeads / numKvHeads]));
  device.write(bias, new Float32Array(rows * numHeads));
  return bias;
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
  device.launch(scaled('hotKeys', target.scales), {
    q: query.reshape(query.shape.slice(1)), k: target.keys, ...(target.scales && { kScale: target.scales.keys }), lse: lse.reshape(lse.shape.slice(1)), column: layer.choice === undefined ? record.columns : own(record.columns),
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
