// CriticalKV (Feng et al., 2025, arXiv:2502.03805): what dropping a key changes is its share times the size of its value
// behind the output projection. The projected values are reduced to one number per key and head as they are made: a product
// with an epilogue, never stored.
// Run it: `node build/ts/examples/kvScores/criticalKv.js`.
import { dot, type In, kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { groupSize, noise, numKvHeads, plantedCache, showScores, tensor } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/**
 * `score[g, k] = mean over a group's heads of (p + ε)·‖v·W_o‖₁`, p the mean share by the last 8 rows, `wo` [g, r, d, e] the
 * output projection by head. Simplified: the paper spends half of the budget on p alone before this score takes over.
 */
export const criticalKv = kernel('criticalKv', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, e: 'dynamic' },
  (q: Window, k: Keys, v: Keys, wo: In<'f32', ['g', 'r', 'd', 'e']>): Out<'f32', ['g', 'k']> => {
    const size = sum(map(dot(v, wo, 'd'), (x) => Math.abs(x)), 'e');
    const p = map(sum(windowShares(q, k), 'w'), (s) => s / sizeOf('w'));
    return map(sum(map(p, size, (p, size) => (p + 1e-4) * size), 'r'), (s) => s / sizeOf('r'));
  });

const { last, k, v } = plantedCache();
showScores('CriticalKV', criticalKv.reference([last, k, v, tensor(['g', 'r', 'd', 'e'], [numKvHeads, groupSize, 64, 32], noise(6))]));
