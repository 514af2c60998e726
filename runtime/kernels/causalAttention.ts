import { cast, dot, type In, kernel, map, type Out, softmax } from '../../dsl/index.js';

/**
 * Causal attention of one sequence with grouped heads. Query row q stands at position `first + q` and sees the keys up to
 * its own, so a call may compute the last rows of a sequence alone.
 * `q` [q, g, r, d], `k` and `v` [k, g, d] with g the KV heads and r the query heads of each; `scale` is 1/√d.
 */
export const causalAttention = kernel('causalAttention', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['q', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, scale: In<'f32', []>, first: In<'i32', []>,
  ): Out<E, ['q', 'g', 'r', 'd']> => {
    const s = map(dot(q, k, 'd'), scale, first, (s, scale, first, at) => at.k <= at.q + first ? s * scale : -Infinity);
    return cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k'));
  });
