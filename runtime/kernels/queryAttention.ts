import { cast, dot, type In, kernel, map, type Out, softmax } from '../../dsl/index.js';

/**
 * Attention of the question, and of every generated token, over a merged cache: `first` context keys are visible to all
 * rows, the keys behind them causally. `bias` is added to the scores: 0, or −∞ for what calibration excludes.
 * `q` [q, g, r, d], `k` and `v` [k, g, d], `bias` [k, g, r] in f32; `scale` is 1/√d.
 */
export const queryAttention = kernel('queryAttention', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['q', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, bias: In<'f32', ['k', 'g', 'r']>, scale: In<'f32', []>, first: In<'i32', []>,
  ): Out<E, ['q', 'g', 'r', 'd']> => {
    const s = map(dot(q, k, 'd'), bias, scale, first, (s, bias, scale, first, at) => at.k <= at.q + first ? s * scale + bias : -Infinity);
    return cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k'));
  });
