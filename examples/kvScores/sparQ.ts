// SparQ (Ribar et al., 2024, arXiv:2312.04985): guess a query's attention from its few largest channels, and read whole keys
// only where the guess is high. `topk` chooses channels, `gather` takes them from query and keys alike.
// Run it: `node build/ts/examples/kvScores/sparQ.js`.
import { dot, gather, type In, kernel, map, type Out, sizeOf, softmax, sum, topk } from 'warpfold/dsl';
import { groupSize, numKvHeads, plantedCache, showScores, tensor, towardsNeedle } from '../show.js';
import type { Keys } from './shares.js';

/** `score[g, k]`: Σ over a group's heads of softmax(q̂·k̂ / √(d·‖q̂‖₁/‖q‖₁)), the hats being the 16 channels where the group's Σ|q| is largest. */
export const sparQ = kernel('sparQ', { k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, c: 16 }, (q: In<'f32', ['g', 'r', 'd']>, k: Keys): Out<'f32', ['g', 'k']> => {
  const size = map(q, (x) => Math.abs(x));
  const channels = topk(sum(size, 'r'), 'd', 16, 'c');
  const some = gather(q, 'd', channels);
  const seen = map(sum(map(some, (x) => Math.abs(x)), 'c'), sum(size, 'd'), (some, all) => some / all);
  const s = map(dot(some, gather(k, 'd', channels), 'c'), seen, (s, seen) => s / Math.sqrt(sizeOf('d') * seen));
  return sum(softmax(s, 'k'), 'r');
});

showScores('SparQ', sparQ.reference([tensor(['g', 'r', 'd'], [numKvHeads, groupSize, 64], (i) => 2 * towardsNeedle(i % 64)), plantedCache().k]));
