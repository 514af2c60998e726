// PyramidKV (Cai et al., 2024, arXiv:2406.02069): SnapKV's votes, but more keys for lower layers, where attention is spread.
// A budget is the length of the result's axis, which is a launch argument: all layers run the same compiled kernel.
// Run it: `node build/ts/examples/kvScores/pyramidKv.js`.
import { avgPool, kernel, map, type Out, sizeOf, sum, toArray, topk } from 'warpfold/dsl';
import { plantedCache } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `kept[g, n]`: the best n keys by the last rows' votes (pooled over 5), ascending, the window's own first of all. */
export const pyramidKv = kernel('pyramidKv', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, near: 5, n: 'dynamic' }, (q: Window, k: Keys): Out<'i32', ['g', 'n']> => {
  const votes = avgPool(sum(sum(windowShares(q, k), 'w'), 'r'), 'k', 'near', 5);
  return topk(map(votes, (s, at) => (at.k < sizeOf('k') - sizeOf('w') ? s : Infinity)), 'k', sizeOf('n'), 'n');
});

/** Keys of a layer beside the window's: an arithmetic sequence that ends at mean/β and has the given mean. */
export function pyramidBudget(layer: number, numLayers: number, mean: number, beta = 20): number {
  const least = mean / beta;
  return Math.round(2 * mean - least - (layer * (2 * mean - 2 * least)) / Math.max(1, numLayers - 1));
}

const { last, k } = plantedCache();
for (const layer of [0, 1, 2, 3]) {
  const n = 8 + pyramidBudget(layer, 4, 8);
  console.log(`PyramidKV, layer ${layer}: head 0 keeps ${toArray(pyramidKv.reference([last, k], { sizes: { n } }), ['g', 'n']).subarray(0, n).join(' ')}`);
}
