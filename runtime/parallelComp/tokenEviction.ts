import type { DeviceTensor } from '../device.js';
import type { Attended, Parts } from '../model/pass.js';
import { allocLayer, type KvScales, scaled, scalesOf } from '../kvCache.js';
import { type Decoder, takeRows } from '../model/transformer.js';
import { owning, type Own } from '../scope.js';
import { leadColumns } from './batch.js';
import type { ParallelCompOptions } from './options.js';

/** What is left of one layer of some chunks, packed chunk by chunk, [columns of a KV head] each with its own. */
export interface StoredLayer extends Disposable {
  /** [rows, g, d] */
  readonly keys: DeviceTensor;
  readonly values: DeviceTensor;
  /** Undefined where no chunk's tokens need be evicted: then each row is the column of its number. */
  readonly choice: Choice | undefined;
  /** The last row of each chunk's pass, where the layer is calibrated. */
  readonly last: LastRows | undefined;
}
/** `columns` [g, rows]: which columns the stored rows are, ascending. `score` [g, columns]: the attention that the last rows pay to each column, question included. */
export interface Choice { readonly columns: DeviceTensor; readonly score: DeviceTensor }
/** `query` [c, g, r, d] and its `lse` [c, g, r]. */
export interface LastRows { readonly query: DeviceTensor; readonly lse: DeviceTensor }

/** The chunks as a layer's eviction sees them: all their rows, and those that are stored, in 8 bits where there are scales. */
export interface Evicting { readonly rows: Parts; readonly stored: Parts; readonly rowCount: number; readonly storedCount: number; readonly question: number; readonly scales: KvScales | undefined }

/**
 * Keeps what may be needed of a layer of some chunks; its K and V may be overwritten afterwards. Four launches, whatever
 * the number of chunks: scores, pool, choice, copy.
 */
export function evictTokens(model: Decoder, options: ParallelCompOptions, hasBos: boolean, { rows, stored, rowCount, storedCount, question, scales }: Evicting, { q, lse, parts, cache }: Attended): Omit<StoredLayer, 'last'> {
  const { device, config } = model;
  const { numKvHeads: g, headDim: d } = config;
  const [k, v] = [cache.keys.slice(0, rowCount), cache.values.slice(0, rowCount)];
  return owning((own) => {
    const score = own(device.alloc('f32', [g, rowCount]));
    const columns = own(device.alloc('i32', [g, storedCount]));
    const { keys, values } = allocLayer(device, config, model.dtype, storedCount, own, { scales });
    using pooled = device.alloc('f32', [g, rowCount]);
    const [onRows, onStored] = [{ 'offsets.k': rows.offsets }, { 'offsets.n': stored.offsets }];
    const scores = { q, k, lse, scale: 1 / Math.sqrt(d), rows: options.observationRows, 'offsets.q': parts.offsets, ...onRows };
    device.launch(options.group === 'max' ? 'tailScoreMax' : 'tailScore', scores, { out: score }, { q: parts.longest, k: rows.longest });
    device.launch('pool', { score, lo: 0, behind: question, sure: leadColumns(options, hasBos), ...onRows }, { out: pooled }, { j: options.pool, k: rows.longest });
    device.launch('selectTokens', { score: pooled, ...onRows, ...onStored }, { out: columns }, { k: rows.longest, n: stored.longest });
    device.launch(scaled('compact', scales), { k, v, ...scalesOf(scales), index: columns, ...onRows, ...onStored }, { keys, values }, { k: rows.longest, n: stored.longest });
    return { keys, values, choice: { columns, score } };
  });
}

/** Copied out, because the pass goes on in the same buffers. */
export function lastRows({ device, config }: Decoder, { q, lse, parts }: Attended, own: Own): LastRows {
  const { numKvHeads: g, numHeads, headDim: d } = config;
  const count = parts.last.shape[0] ?? 0;
  const r = numHeads / g;
  const copied = <T extends DeviceTensor>(x: T, width: number, shape: readonly number[]): DeviceTensor =>
    takeRows(device, x.reshape([x.shape[0] ?? 0, width]), parts.last, own(device.alloc(x.dtype, [count, width]))).reshape(shape);
  return { query: copied(q, numHeads * d, [count, g, r, d]), lse: copied(lse, numHeads, [count, g, r]) };
}

// Note [The leading chunk]
// The BOS of the first *kept* chunk is a candidate, the others' is not, and which chunk comes first is known only after
// the last one. Making the BOS a candidate raises the pooled scores of the columns whose window reaches it, 0 … h with
// h = ⌊pool / 2⌋, and leaves the others alone; so whoever is chosen, with the BOS or without, is among the columns 0 … h
// and the `capacity` best behind them. A chunk stores these, h + 1 more than `capacity`, and its scores; merge chooses.
