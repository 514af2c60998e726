// Attention without the causal mask as a score (Compactor: Chari and Van Durme, 2025, arXiv:2507.08143): a key is worth what
// all rows of its chunk pay to it, later and earlier ones alike, so early keys have no advantage. Beside leverage.ts this is
// the other half of Compactor.
// Run it: `node build/ts/examples/kvScores/nonCausal.js`.
import { dot, kernel, map, type Out, sizeOf, softmax, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import type { Keys, Prompt } from './shares.js';

/** `score[g, k] = Σ over all rows and a group's heads of softmax(q·k/√d)`, over one chunk; all scores of a head sum to rows × heads. */
export const nonCausal = kernel('nonCausal', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Prompt, k: Keys): Out<'f32', ['g', 'k']> => sum(sum(softmax(map(dot(q, k, 'd'), (s) => s / Math.sqrt(sizeOf('d'))), 'k'), 'q'), 'r'));

const { prompt, k } = plantedCache();
showScores('Non-causal attention', nonCausal.reference([prompt, k]));
