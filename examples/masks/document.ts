// Several documents in one sequence: a key counts when its document is the query's. The ids are tensors, so which
// documents meet is known only from data; the causal part still bounds the loop: keys behind the last query are not visited,
// and before the diagonal only ids are compared. Positions of queries and of keys are two axes, so their ids are two inputs.
// Run it: `node build/ts/examples/masks/document.js`.
import { array, causal, type In, kernel, map, sameDocument } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** Causal attention within documents; `ofQuery` [q] and `ofKey` [k] are document ids. */
export const documentMasked = kernel('documentMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, ofQuery: In<'i32', ['q']>, ofKey: In<'i32', ['k']>): Attended<E> =>
    attend(map(scores(q, k), ofQuery, ofKey, (s, ofQuery, ofKey, at) => (sameDocument(ofQuery, ofKey) && causal(at.q, at.k) ? s : -Infinity)), v));

const ids = Array.from({ length: 24 }, (_, i) => (i < 5 ? 0 : i < 16 ? 1 : 2));
drawWeights('documents of 5, 11 and 8', (q, k, v) =>
  documentMasked.reference([q, k, v, array(ids, { axes: ['q'], shape: [24], dtype: 'i32' }), array(ids, { axes: ['k'], shape: [24], dtype: 'i32' })]));
