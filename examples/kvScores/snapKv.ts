// SnapKV (Li et al., 2024, arXiv:2404.14469): the last rows of the prompt vote for keys, and votes are pooled over neighbours
// so that what stands around a chosen key comes along. The votes are sums over rows of shares whose normalisers differ by
// row. Window and group are of fixed size here, 32 rows in all: few enough to keep their scores between the walk that finds
// the normalisers and the sums (plan K); `explain` says what that costs against making them again (plan R).
// Run it: `node build/ts/examples/kvScores/snapKv.js`.
import { avgPool, kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `score[g, k]`: mean over the last 8 rows and a group's 4 heads of their shares, average-pooled over 5 keys. The window's own keys are +∞: always kept. */
export const snapKv = kernel('snapKv', { w: 8, k: 'dynamic', g: 'dynamic', r: 4, d: 64, near: 5 }, (q: Window, k: Keys): Out<'f32', ['g', 'k']> => {
  const votes = map(sum(sum(windowShares(q, k), 'w'), 'r'), (s) => s / (sizeOf('w') * sizeOf('r')));
  return map(avgPool(votes, 'k', 'near', 5), (s, at) => (at.k < sizeOf('k') - sizeOf('w') ? s : Infinity));
});

const { last, k } = plantedCache();
showScores('SnapKV', snapKv.reference([last, k]));
