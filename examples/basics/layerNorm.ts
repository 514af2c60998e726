// A norm is two sums that depend on each other: the variance is taken around a mean that is known only at the end of the
// row. The compiler finds that squares around a moving mean re-state each other (1, δ, δ²), proves it, and walks a row
// once for both. Written out below as in the paper; `layerNorm` of warpfold/dsl is the same function.
// Run it: `node build/ts/examples/basics/layerNorm.js`.
import { array, type In, kernel, map, type Out, sizeOf, sum, toArray } from 'warpfold/dsl';

const EPS = 1e-5;

/** `(x − mean) / √(variance + ε) · gain + bias` per row (Ba et al., 2016, arXiv:1607.06450). */
export const rowLayerNorm = kernel('rowLayerNorm', { q: 'dynamic', e: 'dynamic' },
  (x: In<'f32', ['q', 'e']>, gain: In<'f32', ['e']>, bias: In<'f32', ['e']>): Out<'f32', ['q', 'e']> => {
    const mean = map(sum(x, 'e'), (s) => s / sizeOf('e'));
    const variance = map(sum(map(x, mean, (x, mean) => (x - mean) ** 2), 'e'), (s) => s / sizeOf('e'));
    return map(x, mean, variance, gain, bias, (x, mean, variance, gain, bias) => ((x - mean) / Math.sqrt(variance + EPS)) * gain + bias);
  });

// Rows that differ by an offset and a factor look the same behind the norm.
const x = array([1, 2, 3, 4, 101, 103, 105, 107], { axes: ['q', 'e'], shape: [2, 4] });
const [gain, bias] = [array([1, 1, 1, 1], { axes: ['e'], shape: [4] }), array([0, 0, 0, 10], { axes: ['e'], shape: [4] })];
const y = Array.from(toArray(rowLayerNorm.reference({ x, gain, bias }), ['q', 'e']), (v) => v.toFixed(3));
console.log(y.slice(0, 4).join(' '), '·', y.slice(4).join(' '));
