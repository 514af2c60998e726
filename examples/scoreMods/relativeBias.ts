// A learned bias per distance and head, clipped at both ends (Shaw et al., 2018, arXiv:1803.02155; T5, Swin). The table has
// one row per distance; `gather` with a computed position looks it up, and no matrix of biases over q and k is ever made.
// Run it: `node build/ts/examples/scoreMods/relativeBias.js`.
import { gather, type In, kernel, map, sizeOf, tabulate } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';
import { tensor } from '../show.js';

/** `s + table[clip(k − q)]`: `table` [o, g, r], its middle row for distance 0. */
export const relativeBias = kernel('relativeBias', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, o: 'dynamic' },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, table: In<'f32', ['o', 'g', 'r']>): Attended<E> => {
    const distance = tabulate(['q', 'k'], (at) => Math.max(0, Math.min(sizeOf('o') - 1, at.k - at.q + Math.floor(sizeOf('o') / 2))));
    return attend(map(scores(q, k), gather(table, 'o', distance), (s, bias) => s + bias), v);
  });

drawWeights('a head that looks three keys back', (q, k, v) => relativeBias.reference([q, k, v, tensor(['o', 'g', 'r'], [9, 1, 1], (i) => [-6, 1, 3, 1, 0, -1, -2, -4, -6][i] ?? 0)]));
