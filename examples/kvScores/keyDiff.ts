// KeyDiff (Park et al., 2025, arXiv:2504.15364): keys that point away from the mean direction are worth keeping.
// The keys are walked twice, once to find their mean and once against it: `sum` removes the axis `k`, and the product with
// what is left has it again, from its other operand.
// Run it: `node build/ts/examples/kvScores/keyDiff.js`.
import { dot, kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import type { Keys } from './shares.js';

/** `score[g, k] = −cos(k, anchor)`, the anchor being the mean over keys of k/‖k‖. A key of zeros has no direction and scores 0. */
export const keyDiff = kernel('keyDiff', { k: 'dynamic', g: 'dynamic', d: 64 }, (k: Keys): Out<'f32', ['g', 'k']> => {
  const norm = map(sum(map(k, (x) => x * x), 'd'), (squares) => Math.sqrt(squares));
  const unit = map(k, norm, (x, norm) => (norm === 0 ? 0 : x / norm));
  const anchor = map(sum(unit, 'k'), (x) => x / sizeOf('k'));
  const anchorNorm = map(sum(map(anchor, (x) => x * x), 'd'), (squares) => Math.sqrt(squares));
  return map(dot(unit, anchor, 'd'), anchorNorm, (along, norm) => -along / norm);
});

showScores('KeyDiff', keyDiff.reference([plantedCache().k]));
