// Knorm (Devoto et al., 2024, arXiv:2406.11430): keys of small norm get the most attention, so the large ones go first.
// No query is looked at: a reduction over `d` and a map, which become one pass over the keys.
// Run it: `node build/ts/examples/kvScores/knorm.js`.
import { kernel, map, type Out, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import type { Keys } from './shares.js';

/** `score[g, k] = −‖k‖₂`. */
export const knorm = kernel('knorm', { k: 'dynamic', g: 'dynamic', d: 64 },
  (k: Keys): Out<'f32', ['g', 'k']> => map(sum(map(k, (x) => x * x), 'd'), (squares) => -Math.sqrt(squares)));

showScores('Knorm', knorm.reference([plantedCache().k]));
