import { avgPool, causal, cast, dilated, dot, entropy, gelu, type In, kernel, layerNorm, logSumExp, map, maxPool, type Out, prefix, rmsNorm, slidingWindow, softmax, within } from '../../dsl/index.js';

// Kernels that put functions of the library to work together, as authors do.

export const averaged = kernel('averaged', { g: 'dynamic', k: 'dynamic', j: 5, i: 3 }, (x: In<'f32', ['g', 'k']>): { mean: Out<'f32', ['g', 'k']>; peak: Out<'f32', ['g', 'k']> } => {
  return { mean: avgPool(x, 'k', 'j', 5), peak: maxPool(avgPool(x, 'k', 'j', 5), 'k', 'i', 3) };
});

export const maskedRows = kernel('maskedRows', { q: 'dynamic', k: 'dynamic', d: 8 },
  <E extends 'f32' | 'bf16'>(q: In<E, ['q', 'd']>, k: In<E, ['k', 'd']>, v: In<E, ['k', 'd']>, length: In<'i32', []>): { o: Out<E, ['q', 'd']>; lse: Out<'f32', ['q']>; h: Out<'f32', ['q']> } => {
    const s = map(dot(q, k, 'd'), length, (s, length, { q, k }) => (prefix(q, k, length) || (causal(q, k) && slidingWindow(q, k, 4) && !dilated(q, k, 3)) || within(k, 1) ? s : -Infinity));
    return { o: cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k')), lse: logSumExp(s, 'k'), h: entropy(s, 'k') };
  });

export const normedUnit = kernel('normedUnit', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  (x: In<'f32', ['q', 'e']>, gain: In<'f32', ['e']>, bias: In<'f32', ['e']>, w: In<'f32', ['e', 'f']>): { a: Out<'f32', ['q', 'f']>; b: Out<'f32', ['q', 'f']> } => {
    return { a: map(dot(layerNorm(x, gain, bias, 'e', 1e-5), w, 'e'), gelu), b: dot(rmsNorm(x, gain, 'e', 1e-6), w, 'e') };
  });
