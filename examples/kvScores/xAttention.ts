// XAttention (Xu et al., 2025, arXiv:2503.16428): the sum along antidiagonals of a block tells whether the block matters,
// because every column and every diagonal crosses it. With strides s on queries and S − 1 − s on keys it is one product.
// Run it: `node build/ts/examples/kvScores/xAttention.js`.
import { array, dot, gather, type In, kernel, map, type Out, sizeOf, softmax, sum, tabulate, toArray } from 'warpfold/dsl';
import { groupSize, numKeys, numKvHeads, plantedCache, shades } from '../show.js';

/** `score[g, r, i, j] = softmax over j of Σ_s q[i, s]·k[j, S−1−s] / (S·√d)`: strips i of S = 8 queries against strips j of 8 keys. Simplified: one strip is one block, and no causal mask. */
export const xAttention = kernel('xAttention', { i: 'dynamic', j: 'dynamic', s: 8, g: 'dynamic', r: 'dynamic', d: 64 },
  (q: In<'f32', ['i', 's', 'g', 'r', 'd']>, k: In<'f32', ['j', 's', 'g', 'd']>): Out<'f32', ['g', 'r', 'i', 'j']> => {
    const mirrored = gather(k, 's', tabulate(['s'], (at) => sizeOf('s') - 1 - at.s));
    return softmax(map(sum(dot(q, mirrored, 'd'), 's'), (x) => x / (Math.sqrt(sizeOf('d')) * sizeOf('s'))), 'j');
  });

const { prompt, k } = plantedCache();
const strips = array(toArray(prompt), { axes: ['i', 's', 'g', 'r', 'd'], shape: [numKeys / 8, 8, numKvHeads, groupSize, 64] });
const scores = xAttention.reference([strips, array(toArray(k), { axes: ['j', 's', 'g', 'd'], shape: [numKeys / 8, 8, numKvHeads, 64] })]);
console.log(`XAttention, strips of 8 queries against strips of 8 keys, head 0\n${shades(toArray(scores, ['g', 'r', 'i', 'j']).subarray(0, 36), 6)}`);
