// ChunkKV (Liu et al., 2025, arXiv:2502.00299): meaning sits in runs of tokens, so runs of them stay or go together: a key
// counts as much as its chunk. `gather` with a computed position hands each key the votes of all keys of its chunk.
// Run it: `node build/ts/examples/kvScores/chunkKv.js`.
import { gather, kernel, map, type Out, sizeOf, sum, tabulate } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `score[g, k]`: mean votes of the keys of k's chunk of 10, by the last 8 rows; the last chunk may be shorter. */
export const chunkKv = kernel('chunkKv', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, j: 10 }, (q: Window, k: Keys): Out<'f32', ['g', 'k']> => {
  const votes = sum(sum(windowShares(q, k), 'w'), 'r');
  const chunk = sum(gather(votes, 'k', tabulate(['k', 'j'], (at) => Math.floor(at.k / sizeOf('j')) * sizeOf('j') + at.j)), 'j');
  return map(chunk, (s, at) => s / Math.min(sizeOf('j'), sizeOf('k') - Math.floor(at.k / sizeOf('j')) * sizeOf('j')));
});

const { last, k } = plantedCache();
showScores('ChunkKV, chunks of 10', chunkKv.reference([last, k]));
