// Scissorhands (Liu et al., 2023, arXiv:2305.17118): what was important stays important; so count the rows that gave a key
// less than an even share, and drop the keys most often passed over. A comparison of shares is no sum of exponentials: it
// needs each row's finished normaliser, hence two passes, and `explain` says so.
// Run it: `node build/ts/examples/kvScores/scissorhands.js`.
import { type In, kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `score[g, k] = −(number of the last 8 rows and a group's heads with p < α/t)`, t the number of keys the row sees; the paper's α is 1. */
export const scissorhands = kernel('scissorhands', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Window, k: Keys, alpha: In<'f32', []>): Out<'f32', ['g', 'k']> => {
  const ignored = map(windowShares(q, k), alpha, (p, alpha, at) => (p * (at.w + sizeOf('k') - sizeOf('w') + 1) < alpha ? 1 : 0));
  return map(sum(sum(ignored, 'w'), 'r'), (count) => -count);
});

const { last, k } = plantedCache();
showScores('Scissorhands', scissorhands.reference([last, k, 1]));
