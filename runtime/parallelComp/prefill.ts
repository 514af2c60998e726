import type { DeviceTensor } from '../device.js';
import { allocLayer, type KvLayer, type KvScales, narrowRows } from '../kvCache.js';
import { type RopeRows, type RopeTable, ropeTable } from '../model/rope.js';
import type { Attended } from '../model/pass.js';
import { type Decoder, finalNorm, forward, takeRows, type Workspace, workspace } from '../model/transformer.js';
import { type Own, owning, scope } from '../scope.js';
import { type BatchIndex, type BatchLayout, mustEvict, prefixSums, type PreparedBatch, type TailIndex, total, uploadIndex } from './batch.js';
import { zonesOf } from './calibration.js';
import type { ParallelCompOptions } from './options.js';
import { evictTokens, type LastRows, lastRows, type StoredLayer } from './tokenEviction.js';

/** Memory in which batches are processed one after another: activations, and angles of a chunk's positions. */
export interface ChunkSpace extends Disposable { readonly ws: Workspace; readonly rope: RopeTable }

/** Space for batches of up to `chunks` chunks of up to `maxRows` rows each, question included. */
export function chunkSpace(model: Decoder, maxRows: number, chunks: number): ChunkSpace {
  return owning((own) => ({ ws: own(workspace(model, chunks * maxRows)), rope: own(ropeTable(model.device, model.config, 0, maxRows)) }));
}

/**
 * Chunks after their pass: their scores, and what is left of their K and V, packed. Where nothing was chosen a chunk's rows
 * begin at `starts`; these may be `lasting`, someone else's that outlive the batch.
 */
export interface Batch extends Disposable {
  readonly layout: BatchLayout;
  readonly starts: readonly number[];
  readonly lasting: boolean;
  /** Per chunk, the mean −log p of the question's tokens behind it, each predicted from the row before it. */
  readonly nll: readonly number[];
  readonly layers: readonly StoredLayer[];
  /** Leaves the layers to the caller: disposing the batch frees them no more. */
  release(): Disposable;
}

/** Layers that may be queued behind the one that runs: enough to keep the device busy, few enough to be dropped soon. */
const layersAhead = 2;

/**
 * Pass 1 of prepared chunks: [chunk, question] at positions from 0, each alone. Each layer is compressed as soon as it has been
 * attended to, so one layer of full K and V exists at a time. Resolves when the scores are known.
 */
export async function prefillBatch(model: Decoder, space: ChunkSpace, { layout, lists, ids }: PreparedBatch, options: ParallelCompOptions, hasBos: boolean, signal?: AbortSignal): Promise<Batch> {
  using work = scope();
  const stored = scope();
  try {
    const index = uploadIndex(model.device, { layout, lists }, work.own);
    const keep = keeper(model, options, hasBos, layout, index, work.own, stored.own);
    const layers: StoredLayer[] = [];
    const outputs = { rows: index.outputRows, rope: anglesAt(model, space.rope, index.outputPositions, work.own), parts: index.outputs };
    const h = await forward(model, space.ws, {
      ids, rope: anglesAt(model, space.rope, index.positions, work.own), cache: keep.cache, ahead: layersAhead, signal,
      rows: { kind: 'packed', parts: index.rows, outputs, afterLayer: (l, seen) => layers.push(keep.layer(l, seen)) },
    });
    const nll = await meanNll(model, space.ws, h, index, layout.question.length, space.ws.hidden[0]);
    return batchOf({ layout, nll, layers, starts: prefixSums(layout.rows), lasting: false }, stored);
  } catch (e) {
    stored[Symbol.dispose]();
    throw e;
  }
}

/** A batch that owns what `stored` does. */
export function batchOf(batch: Omit<Batch, 'release' | typeof Symbol.dispose>, stored: Disposable): Batch {
  let own = true;
  return {
    ...batch,
    release: () => {
      own = false;
      return stored;
    },
    [Symbol.dispose]: () => { if (own) stored[Symbol.dispose](); },
  };
}

/** Where a pass puts a layer's K and V, and what is kept of them. */
interface Keeper { readonly cache: (layer: number) => KvLayer; readonly layer: (layer: number, seen: Attended) => StoredLayer }

function keeper(model: Decoder, options: ParallelCompOptions, hasBos: boolean, layout: BatchLayout, index: BatchIndex, work: Own, stored: Own): Keeper {
  const { device, config, dtype } = model;
  const rowCount = total(layout.rows);
  const alloc = (own: Own): KvLayer => allocLayer(device, config, dtype, rowCount, own);
  const last = (layer: number, seen: Attended, own: Own): LastRows | undefined => (zonesOf(options.calibration, layer) === 0 ? undefined : lastRows(model, seen, own));
  const scales = (l: number): KvScales | undefined => model.kvScales?.[l];
  if (!mustEvict(layout, options)) {
    // What is stored in 8 bits is computed elsewhere, one layer at a time.
    const between = model.kvScales === undefined ? undefined : alloc(work);
    const all = (l: number, { cache }: Attended, own: Own): Pick<KvLayer, 'keys' | 'values'> => (between === undefined ? { keys: own(cache.keys), values: own(cache.values) } : narrowedRows(between, scales(l), own));
    const narrowedRows = (rows: KvLayer, into: KvScales | undefined, own: Own): Pick<KvLayer, 'keys' | 'values'> => {
      const layer = allocLayer(device, config, dtype, rowCount, own, { scales: into });
      narrowRows(device, rows, layer);
      return { keys: layer.keys, values: layer.values };
    };
    return {
      cache: () => between ?? alloc(stored),
      layer: (l, seen) => stored(owning((own) => ({ ...all(l, seen, own), choice: undefined, last: last(l, seen, own) }))),
    };
  }
  const shared = alloc(work);
  const evicting = { rows: index.rows, stored: index.stored, rowCount, storedCount: total(layout.stored), question: layout.question.length };
  return {
    cache: () => shared,
    layer: (l, seen) => stored(owning((own) => ({ ...own(evictTokens(model, options, hasBos, { ...evicting, scales: scales(l) }, seen)), last: last(l, seen, own) }))),
  };
}

/** Angles of the positions that `index` names. */
export function anglesAt({ device }: Decoder, { cos, sin }: RopeTable, index: DeviceTensor, own: Own): RopeRows {
  const at = (table: DeviceTensor<'f32'>): DeviceTensor<'f32'> => takeRows(device, table, index, own(device.alloc('f32', [index.shape[0] ?? 0, table.shape[1] ?? 0])));
  return { cos: at(cos), sin: at(sin) };
}

/** Per chunk, the mean −log p of the question's tokens after `h`, the outputs' rows. `free`: memory for some of them. */
export async function meanNll(model: Decoder, ws: Workspace, h: DeviceTensor, { predicting, targets }: TailIndex, question: number, free: DeviceTensor): Promise<readonly number[]> {
  const { device, weights } = model;
  using out = device.alloc('f32', targets.shape);
  const rows = finalNorm(model, ws, takeRows(device, h, predicting, free));
  device.launch('queryNll', { h: rows, w: weights.head, target: targets }, { out });
  const nll = await device.read(out);
  return Array.from({ length: nll.length / question }, (_, c) => nll.subarray(c * question, (c + 1) * question).reduce((sum, x) => sum + x, 0) / question);
}
