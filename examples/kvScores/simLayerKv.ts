// SimLayerKV (Zhang et al., 2024, arXiv:2410.13846): a layer that looks only at the first and the latest keys is lazy, and
// those keys are all it needs. What decides is a sum of shares in two zones: a mask behind the softmax instead of before it.
// Run it: `node build/ts/examples/kvScores/simLayerKv.js`.
import { type In, kernel, map, type Out, sizeOf, sum, toArray } from 'warpfold/dsl';
import { plantedCache } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `lazy[g]`: mean share, over the last w rows and a group's heads, of the first `sinks` and the last `recent` keys. The paper averages over all heads of a layer and calls it lazy above a threshold. */
export const simLayerKv = kernel('simLayerKv', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Window, k: Keys, sinks: In<'i32', []>, recent: In<'i32', []>): Out<'f32', ['g']> => {
    const zones = map(windowShares(q, k), sinks, recent, (p, sinks, recent, at) => (at.k < sinks || at.k >= sizeOf('k') - recent ? p : 0));
    return map(sum(sum(sum(zones, 'k'), 'w'), 'r'), (s) => s / (sizeOf('w') * sizeOf('r')));
  });

const { last, k } = plantedCache();
console.log('SimLayerKV: share of the first 4 and last 12 of 48 keys, by head:', Array.from(toArray(simLayerKv.reference([last, k, 4, 12])), (x) => x.toFixed(3)).join(' '));
