// Quest (Tang et al., 2024, arXiv:2406.10774): nothing is dropped; each query reads the pages of the cache that could hold a
// high score. A page's smallest and largest value per channel bound what any of its keys can reach.
// Run it: `node build/ts/examples/kvScores/quest.js`.
import { array, type In, kernel, map, max, min, type Out, sizeOf, sum, toArray, topk } from 'warpfold/dsl';
import { groupSize, numKvHeads, plantedCache, tensor, towardsNeedle } from '../show.js';

/** `score[g, p]`: max over a group's heads of Σ_d max(q·low, q·high), over pages p of 16 keys; `kept` [g, n] the best n pages, ascending. */
export const quest = kernel('quest', { p: 'dynamic', j: 16, g: 'dynamic', r: 'dynamic', d: 64, n: 'dynamic' },
  (q: In<'f32', ['g', 'r', 'd']>, k: In<'f32', ['p', 'j', 'g', 'd']>): { score: Out<'f32', ['g', 'p']>; kept: Out<'i32', ['g', 'n']> } => {
    const bound = sum(map(q, min(k, 'j'), max(k, 'j'), (q, low, high) => Math.max(q * low, q * high)), 'd');
    const score = max(bound, 'r');
    return { score, kept: topk(score, 'p', sizeOf('n'), 'n') };
  });

// A query that looks for key 20, which stands in page 1.
const pages = array(toArray(plantedCache().k), { axes: ['p', 'j', 'g', 'd'], shape: [3, 16, numKvHeads, 64] });
const { score, kept } = quest.reference([tensor(['g', 'r', 'd'], [numKvHeads, groupSize, 64], (i) => towardsNeedle(i % 64)), pages], { sizes: { n: 1 } });
console.log('Quest, bounds of three pages by head:', Array.from(toArray(score, ['g', 'p']), (x) => x.toFixed(1)).join(' '), '· page read:', toArray(kept).join(' '));
