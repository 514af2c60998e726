// VATP (Guo et al., 2024, arXiv:2406.12335): attention alone overrates sinks, whose values are small; so a share counts
// times the norm of what it brings. The norm waits for no row: it is made beside the shares.
// Run it: `node build/ts/examples/kvScores/vatp.js`.
import { kernel, map, type Out, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Prompt, promptShares } from './shares.js';

/** `score[g, k] = ‖v‖₁ · Σ over all rows and a group's heads of p`. */
export const vatp = kernel('vatp', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Prompt, k: Keys, v: Keys): Out<'f32', ['g', 'k']> => map(sum(sum(promptShares(q, k), 'q'), 'r'), sum(map(v, (x) => Math.abs(x)), 'd'), (p, size) => p * size));

const { prompt, k, v } = plantedCache();
showScores('VATP', vatp.reference([prompt, k, v]));
