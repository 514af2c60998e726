import { causal, dot, gather, kernel, logSumExp, map, max, maxPool, rename, sizeOf, softmax, sum, tabulate, topk, type In, type Out, type Tensor } from '../../../../dsl/index.js';

// Scores of cached keys, as published methods of cache compression state them: each a plain expression. `q` are the
// observed queries (`w` the last few), `k` the keys; head dim 4 stands for any.
type Q = In<'f32', ['q', 'r', 'd']>;
type W = In<'f32', ['w', 'r', 'd']>;
type K = In<'f32', ['k', 'd']>;
type Score = Out<'f32', ['k']>;
type PerHead = Out<'f32', ['r', 'k']>;

const shares = (q: Q, k: K): Tensor<'f32', 'q' | 'r' | 'k'> => softmax(map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s / 2 : -Infinity)), 'k');
const windowShares = (q: W, k: K): Tensor<'f32', 'w' | 'r' | 'k'> => softmax(map(dot(q, k, 'd'), (s) => s / 2), 'k');

/** The last row's shares, mean over heads (Oren et al., 2024). */
export const tova = kernel('tova', { k: 'dynamic', r: 4, d: 4 }, (q: In<'f32', ['r', 'd']>, k: K): Score => map(sum(softmax(map(dot(q, k, 'd'), (s) => s / 2), 'k'), 'r'), (s) => s / 4));

/** Shares of a window of last rows, average pool of 5, mean over the group (Li et al., 2024). */
export const snapKv = kernel('snapKv', { w: 8, k: 'dynamic', r: 4, d: 4, j: 5 }, (q: W, k: K): Score => {
  const votes = map(sum(sum(windowShares(q, k), 'w'), 'r'), (s) => s / 32);
  const near = gather(votes, 'k', tabulate(['k', 'j'], (at) => at.k + at.j - 2), 0);
  return map(sum(near, 'j'), (s) => s / 5);
});

/** The same votes, more of them for lower layers (Cai et al., 2024). */
export const pyramidKv = kernel('pyramidKv', { w: 8, k: 'dynamic', r: 4, d: 4, n: 'dynamic' }, (q: W, k: K): Out<'i32', ['n']> => topk(sum(sum(windowShares(q, k), 'w'), 'r'), 'k', sizeOf('n'), 'n'));

/** All rows' shares (Zhang et al., 2023). */
export const h2o = kernel('h2o', { q: 'dynamic', k: 'dynamic', r: 'dynamic', d: 4 }, (q: Q, k: K): PerHead => sum(shares(q, k), 'q'));

/** All rows without the causal mask. */
export const nonCausal = kernel('nonCausal', { q: 'dynamic', k: 'dynamic', r: 'dynamic', d: 4 }, (q: Q, k: K): PerHead => sum(softmax(dot(q, k, 'd'), 'k'), 'q'));

/** Shares weighted by rows, later ones more. */
export const decayed = kernel('decayed', { q: 'dynamic', k: 'dynamic', r: 'dynamic', d: 4 }, (q: Q, k: K, decay: In<'f32', []>): PerHead => sum(map(shares(q, k), decay, (p, decay, at) => p * Math.exp(decay * at.q)), 'q'));

/** The largest share over rows. */
export const peak = kernel('peak', { q: 'dynamic', k: 'dynamic', r: 'dynamic', d: 4 }, (q: Q, k: K): PerHead => max(shares(q, k), 'q'));

/** Keys of small norm matter (Devoto et al., 2024). */
export const keyNorm = kernel('keyNorm', { k: 'dynamic', d: 4 }, (k: K): Score => map(sum(map(k, (x) => x * x), 'd'), (s) => -Math.sqrt(s)));

/** Keys unlike the mean key matter (Park et al., 2025). */
export const keyDifference = kernel('keyDifference', { k: 'dynamic', d: 4 }, (k: K): Score => {
  const norm = map(sum(map(k, (x) => x * x), 'd'), (s) => Math.sqrt(s + 1e-6));
  const unit = map(k, norm, (x, n) => x / n);
  const anchor = map(sum(rename(unit, 'k', 'i'), 'i'), (s) => s / sizeOf('k'));
  return map(dot(unit, anchor, 'd'), (s) => -s);
});

/** Keys against those of a reference segment, per channel (Liang et al., 2025). */
export const lagKv = kernel('lagKv', { k: 'dynamic', i: 'dynamic', d: 4 }, (k: K, next: In<'f32', ['i', 'd']>): Score => {
  const top = max(next, 'i');
  const low = map(max(map(next, (x) => -x), 'i'), (m) => -m);
  const scaled = map(k, top, low, (x, top, low) => (x - low) / (top - low + 1e-3));
  const mean = map(sum(scaled, 'd'), (s) => s / 4);
  return map(sum(map(scaled, mean, (x, m) => (x - m) ** 2), 'd'), (s) => Math.sqrt(s / 4));
});

/** Projection on one direction of the queries (Godey et al., 2025). */
export const qFilter = kernel('qFilter', { k: 'dynamic', d: 4 }, (k: K, filter: In<'f32', ['d']>): Score => map(dot(k, filter, 'd'), (s) => -s));

/** Σ p·‖W v‖: what an eviction changes in the output (Feng et al., 2025). */
export const criticalKv = kernel('criticalKv', { q: 'dynamic', k: 'dynamic', r: 'dynamic', d: 4, e: 6 }, (q: Q, k: K, v: K, w: In<'f32', ['r', 'd', 'e']>): Score => {
  const projected = dot(v, w, 'd');
  const norm = map(sum(map(projected, (x) => x * x), 'e'), (s) => Math.sqrt(s));
  return sum(map(sum(shares(q, k), 'q'), norm, (p, n) => p * n), 'r');
});

/** exp(μ·k/√d + k·Σ·k/2d): the share that future queries of this mean and covariance are expected to give. */
export const expected = kernel('expected', { k: 'dynamic', d: 4, c: 4 }, (k: K, mean: In<'f32', ['d']>, covariance: In<'f32', ['d', 'c']>): Score => {
  const along = dot(k, covariance, 'd');
  const quadratic = dot(along, rename(k, 'd', 'c'), 'c');
  return softmax(map(dot(k, mean, 'd'), quadratic, (m, s) => m / 2 + s / 8), 'k');
});

/** Leverage of keys under a sketch of their inverse Gram matrix. */
export const leverage = kernel('leverage', { k: 'dynamic', d: 4, c: 4 }, (k: K, inverse: In<'f32', ['d', 'c']>): Score => dot(dot(k, inverse, 'd'), rename(k, 'd', 'c'), 'c'));

/** Norm of key times norm of value (a CUR decomposition's row scores). */
export const cur = kernel('cur', { k: 'dynamic', d: 4 }, (k: K, v: K): Score => map(sum(map(k, (x) => x * x), 'd'), sum(map(v, (x) => x * x), 'd'), (a, b) => a * b));

/** The first keys and the last (Xiao et al., 2024). */
export const sinksAndWindow = kernel('sinksAndWindow', { k: 'dynamic', d: 4 }, (k: K): Score => map(sum(map(k, () => 0), 'd'), (_, at) => (at.k < 4 || at.k >= sizeOf('k') - 64 ? 1 : 0)));

/** Votes summed over chunks of 4 keys, each key getting its chunk's (Liu et al., 2025). */
export const chunkKv = kernel('chunkKv', { w: 8, k: 'dynamic', r: 4, d: 4, j: 4 }, (q: W, k: K): Score => {
  const votes = sum(sum(windowShares(q, k), 'w'), 'r');
  return sum(gather(votes, 'k', tabulate(['k', 'j'], (at) => Math.floor(at.k / 4) * 4 + at.j), 0), 'j');
});

/** Per head, for budgets that heads share (Feng et al., 2024). */
export const adaKv = kernel('adaKv', { w: 8, k: 'dynamic', r: 4, d: 4 }, (q: W, k: K): PerHead => map(sum(windowShares(q, k), 'w'), (s) => s / 8));

/** Shares that the prompt's question gives to the context, normalised by how many rows can see a key (Corallo et al., 2024). */
export const finch = kernel('finch', { q: 'dynamic', k: 'dynamic', r: 4, d: 4 }, (q: Q, k: K): Score => map(sum(sum(shares(q, k), 'q'), 'r'), (s, at) => s / Math.max(1, sizeOf('q') - at.k)));

/** Channels by the size of their part in the scores (Xu et al., 2025). */
export const think = kernel('think', { q: 'dynamic', k: 'dynamic', r: 'dynamic', d: 4 }, (q: Q, k: K): Out<'f32', ['r', 'd']> =>
  map(sum(map(q, (x) => x * x), 'q'), sum(map(k, (x) => x * x), 'k'), (a, b) => Math.sqrt(a * b)));

/** ParallelComp's token score: the last 8 rows given their finished LSE, a max pool of 7, the best per head. */
export const parallelComp = kernel('parallelComp', { w: 8, k: 'dynamic', r: 'dynamic', d: 4, j: 7, n: 'dynamic' }, (q: W, k: K, lse: In<'f32', ['w', 'r']>): Out<'i32', ['n']> => {
  const score = sum(sum(map(dot(q, k, 'd'), lse, (s, lse) => Math.exp(s / 2 - lse)), 'w'), 'r');
  return topk(maxPool(score, 'k', 'j', 7), 'k', sizeOf('n'), 'n');
});

/** ParallelComp's calibration: last-row shares above a threshold become a bias of −∞. */
export const calibration = kernel('calibration', { k: 'dynamic', r: 'dynamic', d: 4 }, (q: In<'f32', ['r', 'd']>, k: K): PerHead => {
  const s = map(dot(q, k, 'd'), (s) => s / 2);
  return map(s, logSumExp(s, 'k'), (s, lse) => (Math.exp(s - lse) > 0.1 ? -Infinity : 0));
});
