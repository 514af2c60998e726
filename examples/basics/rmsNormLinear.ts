// A norm and the projection behind it, in one kernel. The norm's factor is one number per row and passes every linear step,
// so the compiler moves it out of the product: x·W and Σx² are summed side by side in one walk of `e`, and each row is
// divided once, at the end. The normalised row never stands in memory.
// Run it: `node build/ts/examples/basics/rmsNormLinear.js`.
import { array, cast, dot, type In, kernel, type Out, rmsNorm, toArray } from 'warpfold/dsl';

/** `rmsNorm(x)·W` (Zhang and Sennrich, 2019, arXiv:1910.07467): `x` [q, e], `gain` [e], `w` [f, e]; `y` [q, f]. */
export const rmsNormLinear = kernel('rmsNormLinear', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, gain: In<'f32', ['e']>, w: In<E, ['f', 'e']>): Out<E, ['q', 'f']> =>
    cast(x.dtype, dot(cast(w.dtype, rmsNorm(x, gain, 'e', 1e-6)), w, 'e')));

// The norm takes the length of a row away: both rows give the same.
const x = array([3, 4, 30, 40], { axes: ['q', 'e'], shape: [2, 2] });
const w = array([1, 0, 0, 1, 1, 1], { axes: ['f', 'e'], shape: [3, 2] });
console.log(Array.from(toArray(rmsNormLinear.reference({ x, gain: array([1, 1], { axes: ['e'], shape: [2] }), w }), ['q', 'f']), (v) => v.toFixed(4)).join(' '));
