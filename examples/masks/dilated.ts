// Every `stride`-th key back from the query. A remainder has no bounds for a loop to use, so every block of keys up to the
// query is visited and masked element by element: right, but no faster than causal attention. `explain` shows the loops.
// Run it: `node build/ts/examples/masks/dilated.js`.
import { dilated, type In, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** Keys at distances 0, stride, 2·stride, … (Sparse Transformer: Child et al., 2019, arXiv:1904.10509). */
export const dilatedMasked = kernel('dilatedMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, stride: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), stride, (s, stride, at) => (dilated(at.q, at.k, stride) ? s : -Infinity)), v));

drawWeights('every third key', (q, k, v) => dilatedMasked.reference([q, k, v, 3]));
