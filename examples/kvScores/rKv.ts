// R-KV (Cai et al., 2025, arXiv:2505.24133): reasoning repeats itself, so a key counts by the attention it gets and against
// its likeness to the other keys. The mean of all cosines with a key is one product with the mean direction: what looks
// quadratic in the number of keys is linear, and stays so because the author may write it that way.
// Run it: `node build/ts/examples/kvScores/rKv.js`.
import { dot, type In, kernel, map, maxPool, type Out, sizeOf, softmax, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/**
 * `score[g, k] = λ·importance − (1 − λ)·redundancy`: the mean share by the last 8 rows, max-pooled over 7, and the softmax over
 * keys of the mean cosine with the others. Simplified: the paper forgives the latest of several keys that are alike.
 */
export const rKv = kernel('rKv', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, near: 7 }, (q: Window, k: Keys, lambda: In<'f32', []>): Out<'f32', ['g', 'k']> => {
  const importance = map(maxPool(sum(sum(windowShares(q, k), 'w'), 'r'), 'k', 'near', 7), (s) => s / (sizeOf('w') * sizeOf('r')));
  const norm = map(sum(map(k, (x) => x * x), 'd'), (squares) => Math.sqrt(squares));
  const unit = map(k, norm, (x, norm) => x / (norm + 1e-8));
  const all = sum(unit, 'k');
  const redundancy = softmax(map(dot(unit, all, 'd'), (cosines) => (cosines - 1) / sizeOf('k')), 'k');
  return map(importance, redundancy, lambda, (i, r, lambda) => lambda * i - (1 - lambda) * r);
});

const { last, k } = plantedCache();
showScores('R-KV', rKv.reference([last, k, 0.1]));
