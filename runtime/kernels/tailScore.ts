import { dot, type In, kernel, map, max, type Out, sum } from '../../dsl/index.js';

/**
 * How much attention the last rows of a chunk pay to each key: `out[g, k] = Σ_r Σ_w exp(q·k·scale − lse)`, the sum over
 * the query heads of a group included. `q` [w, g, r, d] are the observation rows and `lse` [w, g, r] theirs over *all*
 * keys of the chunk; row w stands at position `first + w` and sees the keys up to its own. `k` [k, g, d] are the context keys.
 */
export const tailScore = kernel('tailScore', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['w', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, lse: In<'f32', ['w', 'g', 'r']>, scale: In<'f32', []>, first: In<'i32', []>,
  ): Out<'f32', ['g', 'k']> => {
    const p = map(dot(q, k, 'd'), lse, scale, first, (s, lse, scale, first, at) => at.k <= at.w + first ? Math.exp(s * scale - lse) : 0);
    return sum(sum(p, 'w'), 'r');
  });

/** {@link tailScore} with the largest query head of a group instead of their sum. */
export const tailScoreMax = kernel('tailScoreMax', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['w', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, lse: In<'f32', ['w', 'g', 'r']>, scale: In<'f32', []>, first: In<'i32', []>,
  ): Out<'f32', ['g', 'k']> => {
    const p = map(dot(q, k, 'd'), lse, scale, first, (s, lse, scale, first, at) => at.k <= at.w + first ? Math.exp(s * scale - lse) : 0);
    return max(sum(p, 'w'), 'r');
  });
