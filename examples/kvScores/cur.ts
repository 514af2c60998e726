// CurDKV (Sengupta et al., 2025, arXiv:2509.15038): which rows a CUR decomposition of keys and values would choose, by the
// squared norms of both. Two reductions over the same axis in one pass; the total over keys is a second walk.
// Run it: `node build/ts/examples/kvScores/cur.js`.
import { kernel, map, type Out, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import type { Keys } from './shares.js';

/** `score[g, k] = ‖k‖²·‖v‖² / Σ over keys of the same`. Simplified: without the random projection in front, and without sinks kept apart. */
export const cur = kernel('cur', { k: 'dynamic', g: 'dynamic', d: 64 }, (k: Keys, v: Keys): Out<'f32', ['g', 'k']> => {
  const product = map(sum(map(k, (x) => x * x), 'd'), sum(map(v, (x) => x * x), 'd'), (key, value) => key * value);
  return map(product, sum(product, 'k'), (product, total) => product / total);
});

const { k, v } = plantedCache();
showScores('CUR', cur.reference([k, v]));
