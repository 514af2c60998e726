import { gather, type In, kernel, map, max, type Out, ragged, sizeOf, tabulate } from '../../dsl/index.js';

/**
 * Max over a window centred on each column of a chunk. Only candidates count: columns from `lo` on, the last `behind`
 * columns (the question's) apart; what is no candidate comes out as −∞, so that a top-k takes it last. The first `sure`
 * columns come out as +∞, so that it takes them first. `score` [g, k] packed by chunk; axis j is the window and its length
 * is given at launch.
 */
export const pool = kernel('pool', { g: 'dynamic', c: 'dynamic', k: ragged('c'), j: 'dynamic' },
  (score: In<'f32', ['g', 'c', 'k']>, lo: In<'i32', []>, behind: In<'i32', []>, sure: In<'i32', []>): Out<'f32', ['g', 'c', 'k']> => {
    const near = gather(score, 'k', tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2)), -Infinity);
    const candidates = map(near, lo, behind, (s, lo, behind, at) => isCandidate(at.k + at.j - Math.floor(sizeOf('j') / 2), lo, sizeOf('k') - behind) ? s : -Infinity);
    return map(max(candidates, 'j'), lo, behind, sure, (s, lo, behind, sure, at) => at.k < sure ? Infinity : isCandidate(at.k, lo, sizeOf('k') - behind) ? s : -Infinity);
  });

const isCandidate = (column: number, from: number, to: number): boolean => column >= from && column < to;
