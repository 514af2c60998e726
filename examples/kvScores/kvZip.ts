// KVzip (Kim et al., 2025, arXiv:2505.23416): the model is asked to repeat its context; a key that no row needs for that can
// go, whatever the question will be. The score is the largest share over rows: a maximum over the axis that the softmax does
// not run along, by the same two passes as a sum.
// Run it: `node build/ts/examples/kvScores/kvZip.js`.
import { dot, kernel, map, max, type Out, sizeOf, softmax } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import type { Keys, Prompt } from './shares.js';

/** `score[g, k] = max over the repeating rows q and a group's heads of softmax(q·k/√d)`; all rows see the whole context. Simplified: shares are relative to the context's keys alone. */
export const kvZip = kernel('kvZip', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Prompt, k: Keys): Out<'f32', ['g', 'k']> => max(max(softmax(map(dot(q, k, 'd'), (s) => s / Math.sqrt(sizeOf('d'))), 'k'), 'q'), 'r'));

const { prompt, k } = plantedCache();
showScores('KVzip', kvZip.reference([prompt, k]));
