import { dot, type In, kernel, map, max, type Out, ragged, sizeOf, sum } from '../../dsl/index.js';

/**
 * How much attention the last rows of a chunk pay to each of its keys: `out[g, k] = Σ_r Σ_q exp(q·k·scale − lse)`, the sum
 * over the query heads of a group included, over the last `rows` queries (all of them, where there are fewer). A chunk's
 * queries are the last of its rows, and each sees the keys up to its own.
 * Packed by chunk: `q` [q, g, r, d], `lse` [q, g, r] over all keys of the chunk, `k` [k, g, d]; `out` [g, k].
 */
export const tailScore = kernel('tailScore', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<E, ['c', 'k', 'g', 'd']>, lse: In<'f32', ['c', 'q', 'g', 'r']>, scale: In<'f32', []>, rows: In<'i32', []>,
  ): Out<'f32', ['g', 'c', 'k']> => {
    const p = map(dot(q, k, 'd'), lse, scale, rows, (s, lse, scale, rows, at) =>
      at.q >= sizeOf('q') - rows && at.k <= at.q + sizeOf('k') - sizeOf('q') ? Math.exp(s * scale - lse) : 0);
    return sum(sum(p, 'q'), 'r');
  });

/** {@link tailScore} with the largest query head of a group instead of their sum. */
export const tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<E, ['c', 'k', 'g', 'd']>, lse: In<'f32', ['c', 'q', 'g', 'r']>, scale: In<'f32', []>, rows: In<'i32', []>,
  ): Out<'f32', ['g', 'c', 'k']> => {
    const p = map(dot(q, k, 'd'), lse, scale, rows, (s, lse, scale, rows, at) =>
      at.q >= sizeOf('q') - rows && at.k <= at.q + sizeOf('k') - sizeOf('q') ? Math.exp(s * scale - lse) : 0);
    return max(sum(p, 'q'), 'r');
  });
