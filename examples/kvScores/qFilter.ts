// Q-Filters (Godey et al., 2025, arXiv:2503.02812): queries of a head lie along one direction, and what a key is worth is its
// component there. The direction is found once per model (the first right singular vector of its queries) and is an input.
// Run it: `node build/ts/examples/kvScores/qFilter.js`.
import { dot, type In, kernel, map, type Out } from 'warpfold/dsl';
import { numKvHeads, plantedCache, showScores, tensor, towardsSink } from '../show.js';
import type { Keys } from './shares.js';

/** `score[g, k] = −k·filter`; `filter` [g, d] points where the queries do not, as published filters do. */
export const qFilter = kernel('qFilter', { k: 'dynamic', g: 'dynamic', d: 64 },
  (k: Keys, filter: In<'f32', ['g', 'd']>): Out<'f32', ['g', 'k']> => map(dot(k, filter, 'd'), (along) => -along));

// All queries of this cache share one direction: that of its sink.
showScores('Q-Filters', qFilter.reference([plantedCache().k, tensor(['g', 'd'], [numKvHeads, 64], (i) => -towardsSink(i % 64))]));
