// The smallest kernel: one line of arithmetic for every element. `map` broadcasts by axis name, so the one number `a`,
// which has no axes, meets every x. Inputs are read once, the result is written once, nothing stands between.
// Run it: `node build/ts/examples/basics/vectorAdd.js`, then `npx warpfold explain examples/basics/vectorAdd.ts`.
import { array, type In, kernel, map, type Out, toArray } from 'warpfold/dsl';

/** `out[k] = a·x + y`, for any length. */
export const vectorAdd = kernel('vectorAdd', { k: 'dynamic' },
  (a: In<'f32', []>, x: In<'f32', ['k']>, y: In<'f32', ['k']>): Out<'f32', ['k']> => map(a, x, y, (a, x, y) => a * x + y));

const k = (...xs: readonly number[]) => array(xs, { axes: ['k'], shape: [xs.length] });
console.log('2·x + y =', toArray(vectorAdd.reference([2, k(1, 2, 3), k(10, 20, 30)])).join(' '));
