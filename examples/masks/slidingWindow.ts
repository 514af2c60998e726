// The last `width` keys of each query. The width is a launch argument, not a constant: bounds of the loop are computed from
// it, so any window runs the same compiled kernel, in time proportional to the window and not to the sequence.
// Run it: `node build/ts/examples/masks/slidingWindow.js`.
import { type In, kernel, map, slidingWindow } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** Each query sees its own position and the `width − 1` before it (Longformer: Beltagy et al., 2020, arXiv:2004.05150; Mistral). */
export const windowMasked = kernel('windowMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, width: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), width, (s, width, at) => (slidingWindow(at.q, at.k, width) ? s : -Infinity)), v));

drawWeights('window of 6', (q, k, v) => windowMasked.reference([q, k, v, 6]));
