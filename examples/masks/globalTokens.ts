// A few tokens that see everything and are seen by everything, and a window on both sides for the others. The positions are
// the first ones here; a table of them would be an input, as document ids are. Right, but not fast: of an `||` with a window
// on both sides no end of the loop is known, so every block of keys is visited.
// Run it: `node build/ts/examples/masks/globalTokens.js`.
import { type In, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** Keys within `reach` of the query on either side; the first `globals` positions see and are seen by all (Longformer: Beltagy et al., 2020, arXiv:2004.05150). */
export const globalMasked = kernel('globalMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, globals: In<'i32', []>, reach: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), globals, reach, (s, globals, reach, at) => (at.q < globals || at.k < globals || Math.abs(at.q - at.k) <= reach ? s : -Infinity)), v));

drawWeights('2 global tokens, reach 3', (q, k, v) => globalMasked.reference([q, k, v, 2, 3]));
