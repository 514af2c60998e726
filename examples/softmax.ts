// 1. A kernel is a function over named axes. Run it: `node build/ts/examples/softmax.js`.
// Then see what the compiler makes of it: `npx warpfold explain examples/softmax.ts`.
import { array, denseOf, type In, kernel, map, max, type Out, sum, transposed } from 'warpfold/dsl';

// A tensor has a set of axes. `max` and `sum` name the axis they remove; operands of `map` meet by name, so m and l,
// which have no k, are the same for every k. Only parameters and results have an order in memory, their tuple.
export const rowSoftmax = kernel('rowSoftmax', { q: 'dynamic', k: 'dynamic' },
  (x: In<'f32', ['q', 'k']>): Out<'f32', ['q', 'k']> => {
    const m = max(x, 'k');
    const e = map(x, m, (x, m) => Math.exp(x - m));
    const l = sum(e, 'k');
    return map(e, l, (e, l) => e / l);
  });

// The same function is its own reference: it runs here, in float64, on plain arrays.
const x = array([0, Math.log(2), Math.log(3), 7, 7, 7], { axes: ['q', 'k'], shape: [2, 3] });
const p = denseOf(transposed(rowSoftmax.reference({ x }), ['q', 'k']));
console.log('axes', p.axes.join(', '), 'shape', p.shape.join(' × '));
console.log(Array.from(p.data, (x) => x.toFixed(4)).join(' '));
