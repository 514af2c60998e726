// Two conditions joined by `||`: a prefix that everyone sees, and causal attention behind it. Masks are ordinary functions
// of numbers; `prefix` stands in warpfold/dsl, and one of your own works alike.
// Run it: `node build/ts/examples/masks/prefix.js`.
import { type In, kernel, map, prefix } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** The first `length` keys for every query, the others causally: a prefix language model (Raffel et al., 2020, arXiv:1910.10683). */
export const prefixMasked = kernel('prefixMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, length: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), length, (s, length, at) => (prefix(at.q, at.k, length) ? s : -Infinity)), v));

drawWeights('prefix of 10', (q, k, v) => prefixMasked.reference([q, k, v, 10]));
