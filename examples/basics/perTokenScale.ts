// Quantising to 8 bits per row needs the row's largest number first. Written as one kernel that also sums, this is refused
// (S107: rounding depends on a maximum that is still moving); the remedy the compiler names is the one used here: return
// the maximum from one kernel and let the next take it as an input.
// Run it: `node build/ts/examples/basics/perTokenScale.js`.
import { array, cast, dot, type In, kernel, map, max, type Out, toArray } from 'warpfold/dsl';

/** `scale[q] = max |x| / 127` per row. */
export const perTokenScale = kernel('perTokenScale', { q: 'dynamic', e: 'dynamic' },
  (x: In<'f32', ['q', 'e']>): Out<'f32', ['q']> => map(max(map(x, (x) => Math.abs(x)), 'e'), (amax) => amax / 127));

/** Whole numbers of [−127, 127], rounded half up; a row of zeros stays one. */
export const quantised = kernel('quantised', { q: 'dynamic', e: 'dynamic' },
  (x: In<'f32', ['q', 'e']>, scale: In<'f32', ['q']>): Out<'i32', ['q', 'e']> => cast('i32', map(x, scale, (x, scale) => (scale === 0 ? 0 : Math.floor(x / scale + 0.5)))));

/** A product of quantised rows, scaled back: `y` [q, f] = (x₈·w₈)·scaleX·scaleW. */
export const quantisedLinear = kernel('quantisedLinear', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  (x: In<'i32', ['q', 'e']>, scaleX: In<'f32', ['q']>, w: In<'i32', ['f', 'e']>, scaleW: In<'f32', ['f']>): Out<'f32', ['q', 'f']> =>
    map(dot(cast('f32', x), cast('f32', w), 'e'), scaleX, scaleW, (y, scaleX, scaleW) => y * scaleX * scaleW));

const x = array([0.1, -0.2, 0.4, 100, 50, -25], { axes: ['q', 'e'], shape: [2, 3] });
const scale = perTokenScale.reference([x]);
const x8 = quantised.reference([x, scale]);
console.log('rows in 8 bits:', toArray(x8, ['q', 'e']).join(' '), '· times their scales:', Array.from(toArray(x8), (n, i) => (n * (toArray(scale)[Math.floor(i / 3)] ?? 0)).toFixed(2)).join(' '));
