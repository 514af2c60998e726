import { gather, type In, kernel, map, max, type Out, sizeOf, tabulate } from '../../dsl/index.js';

/**
 * Max over a window centred on each column, −∞ outside the candidates `lo … K−1`; columns before `lo` come out as −∞, so
 * a top-k does not choose them. `score` [g, k]; axis j is the window and its length is given at launch.
 */
export const pool = kernel('pool', { g: 'dynamic', k: 'dynamic', j: 'dynamic' },
  (score: In<'f32', ['g', 'k']>, lo: In<'i32', []>): Out<'f32', ['g', 'k']> => {
    const near = gather(score, 'k', tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2)), -Infinity);
    const candidates = map(near, lo, (s, lo, at) => at.k + at.j - Math.floor(sizeOf('j') / 2) < lo ? -Infinity : s);
    return map(max(candidates, 'j'), lo, (s, lo, at) => at.k < lo ? -Infinity : s);
  });
