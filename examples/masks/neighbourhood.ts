// Positions of an image in row-major order: a query sees keys near it in both directions. `%` and `Math.floor` of a quotient
// stay whole numbers, so the source's two readings agree to the bit. Every block of keys is visited.
// Run it: `node build/ts/examples/masks/neighbourhood.js`.
import { type In, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

const near = (a: number, b: number, reach: number): boolean => Math.abs(a - b) <= reach;

/** Keys no further than `reach` in either direction on a grid `width` wide (after NATTEN: Hassani et al., 2023, arXiv:2204.07143; windows at the border are cut, not moved). */
export const neighbourMasked = kernel('neighbourMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, width: In<'i32', []>, reach: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), width, reach, (s, width, reach, at) =>
      (near(at.q % width, at.k % width, reach) && near(Math.floor(at.q / width), Math.floor(at.k / width), reach) ? s : -Infinity)), v));

drawWeights('neighbours on a grid of 6 × 6', (q, k, v) => neighbourMasked.reference([q, k, v, 6, 1]), 36);
