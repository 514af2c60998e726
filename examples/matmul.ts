// 2. A matrix product with what happens to its result, in one kernel. Run it: `node build/ts/examples/matmul.js`.
import { array, cast, denseOf, dot, type In, kernel, map, type Out, silu } from 'warpfold/dsl';

// `E` is a dtype parameter: each member of its union becomes a variant of the kernel. Products are summed in f32 and
// `cast` is the only rounding. `silu` is an ordinary function; the compiler reads it in its own source, as it would yours.
export const projected = kernel('projected', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, bias: In<'f32', ['f']>): Out<E, ['q', 'f']> => {
    const y = dot(x, w, 'e');
    return cast(x.dtype, map(y, bias, (y, bias) => silu(y + bias)));
  });

const x = array([1, 2, 3, 4], { axes: ['q', 'e'], shape: [2, 2] });
const w = array([1, 0, 0, 1, 1, 1], { axes: ['f', 'e'], shape: [3, 2] });
const bias = array([0, 0.5, -8], { axes: ['f'], shape: [3] });
console.log('f32 ', Array.from(denseOf(projected.reference({ x, w, bias })).data, (v) => v.toFixed(4)).join(' '));

// `rounded` does in bf16 what the bf16 variant does: inputs, casts and results round, sums do not.
const halves = { x: cast('bf16', x), w: cast('bf16', w), bias };
console.log('bf16', Array.from(denseOf(projected.reference(halves, { mode: 'rounded' })).data, (v) => v.toFixed(4)).join(' '));
