// LagKV (Liang et al., 2025, arXiv:2504.04704): a key counts as far as it stands out from what comes next. The cache is
// cut into parts of 16, and each part is measured with the smallest and largest values of the part after it.
// An axis of parts needs no copy: [p, j, g, d] is [k, g, d] in memory. `gather` at p + 1 looks one part ahead.
// Run it: `node build/ts/examples/kvScores/lagKv.js`.
import { array, gather, type In, kernel, map, max, min, type Out, sizeOf, softmax, sum, tabulate, type Tensor, toArray } from 'warpfold/dsl';
import { numKeys, numKvHeads, plantedCache, showScores } from '../show.js';

/** The cache in parts: p of them, 16 positions j in each. */
type Parts = In<'f32', ['p', 'j', 'g', 'd']>;

/** Share within its part of the spread over channels, after the next part's range is mapped to [0, 1]. */
function standingOut(x: Parts): Tensor<'f32', 'p' | 'j' | 'g'> {
  const next = tabulate(['p'], (at) => at.p + 1);
  const scaled = map(x, gather(min(x, 'j'), 'p', next), gather(max(x, 'j'), 'p', next), (x, low, high) => (high > low ? (x - low) / (high - low) : 0));
  const mean = map(sum(scaled, 'd'), (s) => s / sizeOf('d'));
  const squares = sum(map(scaled, mean, (x, mean) => (x - mean) ** 2), 'd');
  return softmax(map(squares, (s) => Math.sqrt(s / (sizeOf('d') - 1))), 'j');
}

/** `score[g, p, j]`: mean of the shares of keys and of values. The last part, which nothing follows, is +∞: always kept. */
export const lagKv = kernel('lagKv', { p: 'dynamic', j: 16, g: 'dynamic', d: 64 }, (k: Parts, v: Parts): Out<'f32', ['g', 'p', 'j']> =>
  map(standingOut(k), standingOut(v), (k, v, at) => (at.p === sizeOf('p') - 1 ? Infinity : (k + v) / 2)));

const { k, v } = plantedCache();
const parts = (x: typeof k): Parts => array(toArray(x), { axes: ['p', 'j', 'g', 'd'], shape: [numKeys / 16, 16, numKvHeads, 64] });
const scores = lagKv.reference([parts(k), parts(v)]);
showScores('LagKV', array(toArray(scores, ['g', 'p', 'j']), { axes: ['g', 'k'], shape: [numKvHeads, numKeys] }));
