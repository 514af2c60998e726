import type { Device, DeviceTensor } from '../device.js';
import type { KvLayer } from '../kvCache.js';
import type { ModelConfig } from '../model/config.js';
import { type Scope, scope } from '../scope.js';
import type { ParallelCompOptions } from './options.js';

/** What is left of one layer of a chunk. */
export interface StoredLayer extends Disposable {
  /** [rows, g, d] */
  readonly keys: DeviceTensor;
  readonly values: DeviceTensor;
  /** Columns [g, capacity] that survive, ascending, when the candidates are all columns or all but the BOS. Undefined where nothing need be evicted. */
  readonly selected: Selected;
  /** Which columns the rows hold: those of `chosen`, and from row `behind` on columns 0, 1, …; undefined: row = column. See Note [The leading chunk]. */
  readonly order: { readonly chosen: DeviceTensor<'i32'>; readonly behind: number } | undefined;
  /** The last row of the chunk's pass, for calibration: q [g, r, d] and lse [g, r]. */
  readonly lastQuery: DeviceTensor;
  readonly lastLse: DeviceTensor;
}
interface Selected { readonly whole: DeviceTensor<'i32'> | undefined; readonly withoutBos: DeviceTensor<'i32'> | undefined }

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
  const owned = scope();
  const { context, cache } = passed;
  const selected = selectTokens(device, config, options, hasBos, passed, owned);
  const chosen = hasBos ? selected.withoutBos : selected.whole;
  const behind = options.capacity ?? context;
  const most = behind + (hasBos ? leadColumns(options.pool) : 0);
  const order = chosen !== undefined && most < context ? { chosen, behind } : undefined;
  const rows = order === undefined ? context : most;
  const shape = [rows, config.numKvHeads, config.headDim];
  const keys = owned.own(device.alloc(cache.keys.dtype, shape));
  const values = owned.own(device.alloc(cache.values.dtype, shape));
  if (order === undefined) {
    device.copy(keys, cache.keys.slice(0, context));
    device.copy(values, cache.values.slice(0, context));
  } else {
    const kept = { keys: keys.slice(0, behind), values: values.slice(0, behind) };
    device.launch('compact', { k: cache.keys.slice(0, context), v: cache.values.slice(0, context), index: order.chosen }, kept);
    if (rows > behind) {
      device.copy(keys.slice(behind, rows), cache.keys.slice(0, rows - behind));
      device.copy(values.slice(behind, rows), cache.values.slice(0, rows - behind));
    }
  }
  return { keys, values, selected, order, ...lastRow(device, passed, owned), [Symbol.dispose]: () => owned[Symbol.dispose]() };
}

function selectTokens(device: Device, config: ModelConfig, options: ParallelCompOptions, hasBos: boolean, passed: PassedLayer, owner: Scope): Selected {
  const { capacity } = options;
  const { context } = passed;
  if (capacity === undefined || context <= capacity) return { whole: undefined, withoutBos: undefined };
  using score = device.alloc('f32', [config.numKvHeads, context]);
  const seen = { q: passed.tailQueries, k: passed.cache.keys.slice(0, context), lse: passed.tailLse };
  const w = passed.tailQueries.shape[0] ?? 0;
  device.launch(options.group === 'max' ? 'tailScoreMax' : 'tailScore', { ...seen, scale: 1 / Math.sqrt(config.headDim), first: passed.rows - w }, { out: score });
  const best = (lo: number): DeviceTensor<'i32'> => {
    using pooled = device.alloc('f32', [config.numKvHeads, context]);
    const columns = owner.own(device.alloc('i32', [config.numKvHeads, capacity]));
    device.launch('pool', { score, lo }, { out: pooled }, { j: options.pool });
    device.launch('selectTokens', { score: pooled }, { out: columns });
    return columns;
  };
  return { whole: best(0), withoutBos: hasBos && context - 1 > capacity ? best(1) : undefined };
}

/** Copied out, because the pass goes on in the same buffers. */
function lastRow(device: Device, { tailQueries, tailLse }: PassedLayer, owner: Scope): Pick<StoredLayer, 'lastQuery' | 'lastLse'> {
  const [w = 0, g = 0, r = 0, d = 0] = tailQueries.shape;
  const lastQuery = owner.own(device.alloc(tailQueries.dtype, [g, r, d]));
  const lastLse = owner.own(device.alloc('f32', [g, r]));
  device.copy(lastQuery, tailQueries.slice(w - 1, w).reshape([g, r, d]));
  device.copy(lastLse, tailLse.slice(w - 1, w).reshape([g, r]));
  return { lastQuery, lastLse };
}

// Note [The leading chunk]
// The BOS of the first *kept* chunk is a candidate, the others' is not, and which chunk comes first is known only after
// the last one. Making the BOS a candidate raises the pooled scores of the columns whose window reaches it, 0 … h with
// h = ⌊pool / 2⌋, and leaves the others alone; so whoever is chosen with the BOS was chosen without it or is among those.
// A chunk therefore stores its choice without the BOS and, behind it, columns 0 … h: at most h + 1 rows more than
// `capacity`, instead of two copies or the whole chunk. Both choices are stored as columns; merge picks one.
