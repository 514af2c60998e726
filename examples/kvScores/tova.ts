// TOVA (Oren et al., 2024, arXiv:2401.06104): when the cache is full, the key that the newest query looks at least goes.
// The sum over heads is a sum over rows with normalisers of their own, so it takes two launches: the normalisers of each
// head's row, then the shares, summed where they are made.
// Run it: `node build/ts/examples/kvScores/tova.js`.
import { type In, kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { groupSize, noise, numKvHeads, plantedCache, showScores, tensor, towardsNeedle } from '../show.js';
import { type Keys, windowShares } from './shares.js';

/** `score[k] = mean over all heads of p[k]`, p the newest query's shares: every head drops the same key. */
export const tova = kernel('tova', { w: 1, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: In<'f32', ['w', 'g', 'r', 'd']>, k: Keys): Out<'f32', ['k']> => map(sum(sum(sum(windowShares(q, k), 'w'), 'r'), 'g'), (s) => s / (sizeOf('g') * sizeOf('r'))));

const newest = tensor(['w', 'g', 'r', 'd'], [1, numKvHeads, groupSize, 64], (i) => noise(3)(i) + 2 * towardsNeedle(i % 64));
showScores('TOVA', tova.reference([newest, plantedCache().k]));
