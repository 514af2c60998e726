// H2O, heavy hitters (Zhang et al., 2023, arXiv:2306.14048): the attention a key has received from all rows so far. Early
// keys are seen by more rows; kvpress' ObservedAttention takes the mean over those that could see the key. Both are sums
// over an axis of unknown length: a second pass over keys and rows (plan R), never a matrix of shares.
// Run it: `node build/ts/examples/kvScores/h2o.js`.
import { kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Prompt, promptShares } from './shares.js';

/** `accumulated[g, k]`: Σ over all rows and a group's heads of the shares. `observed`: their mean over the rows that see the key. Rows are as many as keys. */
export const h2o = kernel('h2o', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Prompt, k: Keys): { accumulated: Out<'f32', ['g', 'k']>; observed: Out<'f32', ['g', 'k']> } => {
  const accumulated = sum(sum(promptShares(q, k), 'q'), 'r');
  return { accumulated, observed: map(accumulated, (s, at) => s / (sizeOf('r') * Math.max(1, sizeOf('q') - at.k))) };
});

const { prompt, k } = plantedCache();
const { accumulated, observed } = h2o.reference([prompt, k]);
showScores('H2O', accumulated);
showScores('ObservedAttention', observed);
