// Causal between blocks, full inside one: images of a video, sentences of a text, steps of block diffusion. The quotients
// hide the bounds from the compiler, so every block of keys is visited; the mask is right all the same.
// Run it: `node build/ts/examples/masks/blockCausal.js`.
import { type In, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** Keys of the query's own block of `size` positions and of earlier blocks. */
export const blockMasked = kernel('blockMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, size: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), size, (s, size, at) => (Math.floor(at.k / size) <= Math.floor(at.q / size) ? s : -Infinity)), v));

drawWeights('blocks of 6', (q, k, v) => blockMasked.reference([q, k, v, 6]));
