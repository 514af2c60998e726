import type { Device, DeviceTensor } from '../device.js';
import type { KvLayer } from '../kvCache.js';
import type { ModelConfig } from '../model/config.js';
import { type Own, owning } from '../scope.js';
import type { ParallelCompOptions } from './options.js';

/** What is left of one layer of a chunk. */
export interface StoredLayer extends Disposable {
  /** [rows, g, d] */
  readonly keys: DeviceTensor;
  readonly values: DeviceTensor;
  /** Attention that the last rows pay to each column, [g, context]; undefined where nothing need be evicted. */
  readonly score: DeviceTensor<'f32'> | undefined;
  /** The surviving columns when the BOS is no candidate (or there is none); undefined where all others survive. */
  readonly chosen: DeviceTensor<'i32'> | undefined;
  /** From this row on the rows hold columns 0, 1, …, before it those of `chosen`; undefined: row = column. See Note [The leading chunk]. */
  readonly behind: number | undefined;
  /** The last row of the chunk's pass, for calibration: q [g, r, d] and lse [g, r]. */
  readonly lastQuery: DeviceTensor;
  readonly lastLse: DeviceTensor;
}

/** One layer of a chunk's pass: K and V of all its rows, and the last rows' queries [w, g, r, d] with their lse [w, g, r]. */
export interface PassedLayer {
  readonly cache: KvLayer;
  /** Context columns, BOS included, and rows of the whole pass. */
  readonly context: number;
  readonly rows: number;
  readonly tailQueries: DeviceTensor;
  readonly tailLse: DeviceTensor;
}

/** Columns whose pool window reaches the BOS: only they can gain a place when the BOS becomes a candidate. */
const leadColumns = (pool: number): number => Math.floor(pool / 2) + 1;

/** Keeps what may be needed of a layer; its K and V may be overwritten afterwards. */
export function evictTokens(device: Device, config: ModelConfig, options: ParallelCompOptions, hasBos: boolean, passed: PassedLayer): StoredLayer {
  return owning((own) => {
    const { context, cache } = passed;
    const { capacity = context, pool } = options;
    const lo = hasBos ? 1 : 0;
    const score = context > capacity ? own(tailScores(device, config, options, passed)) : undefined;
    const chosen = score !== undefined && context - lo > capacity ? own(chooseColumns(device, score, lo, capacity, pool)) : undefined;
    const most = capacity + (hasBos ? leadColumns(pool) : 0);
    const behind = chosen !== undefined && most < context ? capacity : undefined;
    const rows = behind === undefined ? context : most;
    const shape = [rows, config.numKvHeads, config.headDim];
    const keys = own(device.alloc(cache.keys.dtype, shape));
    const values = own(device.alloc(cache.values.dtype, shape));
    if (chosen !== undefined && behind !== undefined) {
      device.launch('compact', { k: cache.keys.slice(0, context), v: cache.values.slice(0, context), index: chosen }, { keys: keys.slice(0, behind), values: values.slice(0, behind) });
    }
    const copied = rows - (behind ?? 0);
    if (copied > 0) {
      device.copy(keys.slice(rows - copied, rows), cache.keys.slice(0, copied));
      device.copy(values.slice(rows - copied, rows), cache.values.slice(0, copied));
    }
    return { keys, values, score, chosen, behind, ...lastRow(device, passed, own) };
  });
}

/** How much attention the last rows pay to each context column, summed over the rows and shared by the heads of a group: [g, context]. */
function tailScores(device: Device, config: ModelConfig, options: ParallelCompOptions, { context, rows, cache, tailQueries: q, tailLse: lse }: PassedLayer): DeviceTensor<'f32'> {
  const score = device.alloc('f32', [config.numKvHeads, context]);
  const seen = { q, k: cache.keys.slice(0, context), lse, scale: 1 / Math.sqrt(config.headDim), first: rows - (q.shape[0] ?? 0) };
  device.launch(options.group === 'max' ? 'tailScoreMax' : 'tailScore', seen, { out: score });
  return score;
}

/** Columns [g, capacity] of the best pooled scores among the candidates from `lo` on, ascending, ties to the lower column. */
export function chooseColumns(device: Device, score: DeviceTensor<'f32'>, lo: number, capacity: number, width: number): DeviceTensor<'i32'> {
  using pooled = device.alloc('f32', score.shape);
  const columns = device.alloc('i32', [score.shape[0] ?? 0, capacity]);
  device.launch('pool', { score, lo }, { out: pooled }, { j: width });
  device.launch('selectTokens', { score: pooled }, { out: columns });
  return columns;
}

/** Copied out, because the pass goes on in the same buffers. */
function lastRow(device: Device, { tailQueries, tailLse }: PassedLayer, own: Own): Pick<StoredLayer, 'lastQuery' | 'lastLse'> {
  const [w = 0, g = 0, r = 0, d = 0] = tailQueries.shape;
  const lastQuery = own(device.alloc(tailQueries.dtype, [g, r, d]));
  const lastLse = own(device.alloc('f32', [g, r]));
  device.copy(lastQuery, tailQueries.slice(w - 1, w).reshape([g, r, d]));
  device.copy(lastLse, tailLse.slice(w - 1, w).reshape([g, r]));
  return { lastQuery, lastLse };
}

// Note [The leading chunk]
// The BOS of the first *kept* chunk is a candidate, the others' is not, and which chunk comes first is known only after
// the last one. Making the BOS a candidate raises the pooled scores of the columns whose window reaches it, 0 … h with
// h = ⌊pool / 2⌋, and leaves the others alone; so whoever is chosen with the BOS was chosen without it or is among those.
// A chunk therefore stores its choice without the BOS and, behind it, columns 0 … h: at most h + 1 rows more than
// `capacity`, instead of two copies or the whole chunk. The scores are kept too, so that merge can choose with the BOS.
