// Expected Attention (Devoto et al., 2025, arXiv:2510.00636): score keys by queries that have not come yet. If these are
// normal with mean μ and covariance Σ, the expected exponential of a score is exp(μ·k/√d + kᵀΣk/2d). The first kernel measures
// μ and Σ of observed queries without waiting for the mean: the compiler sums products and corrects them at the end.
// Run it: `node build/ts/examples/kvScores/expectedAttention.js`.
import { dot, type In, kernel, map, type Out, rename, sizeOf, softmax, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import type { Keys, Prompt } from './shares.js';

/** Mean `mu` [g, r, d] and covariance `sigma` [g, r, d, c] of the queries of each head; c is d again. */
export const queryStatistics = kernel('queryStatistics', { q: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, c: 64 },
  (q: Prompt): { mu: Out<'f32', ['g', 'r', 'd']>; sigma: Out<'f32', ['g', 'r', 'd', 'c']> } => {
    const mu = map(sum(q, 'q'), (s) => s / sizeOf('q'));
    const centred = map(q, mu, (x, mu) => x - mu);
    return { mu, sigma: map(dot(centred, rename(centred, 'd', 'c'), 'q'), (s) => s / sizeOf('q')) };
  });

/**
 * `score[g, k] = (mean over a group's heads of softmax(μ·k/√d + kᵀΣk/2d) + ε)·‖v‖₂`. Simplified: μ and Σ come as they are to
 * be used, averaged over the rotations of future positions where keys are rotated.
 */
export const expectedAttention = kernel('expectedAttention', { k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, c: 64 },
  (k: Keys, v: Keys, mu: In<'f32', ['g', 'r', 'd']>, sigma: In<'f32', ['g', 'r', 'd', 'c']>): Out<'f32', ['g', 'k']> => {
    const quadratic = dot(dot(k, sigma, 'd'), rename(k, 'd', 'c'), 'c');
    const p = softmax(map(dot(k, mu, 'd'), quadratic, (m, s) => m / Math.sqrt(sizeOf('d')) + s / (2 * sizeOf('d'))), 'k');
    const size = map(sum(map(v, (x) => x * x), 'd'), (squares) => Math.sqrt(squares));
    return map(sum(p, 'r'), size, (p, size) => (p / sizeOf('r') + 0.02) * size);
  });

const { prompt, k, v } = plantedCache();
const { mu, sigma } = queryStatistics.reference([prompt]);
showScores('Expected Attention', expectedAttention.reference([k, v, mu, sigma]));
