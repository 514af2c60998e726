import { cast, dot, type In, kernel, logSumExp, map, type Out, softmax } from '../../dsl/index.js';

/**
 * Causal attention of one chunk with grouped heads, and the log-sum-exp of its rows. Query row q stands at position
 * `first + q` and sees the keys up to its own, so a call may compute the last rows of a chunk alone.
 * `q` [q, g, r, d], `k` and `v` [k, g, d] with g the KV heads and r the query heads of each; `scale` is 1/√d;
 * `o` [q, g, r, d], `lse` [q, g, r] in natural units.
 */
export const chunkAttention = kernel('chunkAttention', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['q', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, scale: In<'f32', []>, first: In<'i32', []>,
  ): { o: Out<E, ['q', 'g', 'r', 'd']>; lse: Out<'f32', ['q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), scale, first, (s, scale, first, at) => at.k <= at.q + first ? s * scale : -Infinity);
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k') };
  });
