import {
  cast, causal, causalFrom, dilated, entropy, gather, gelu, type In, kernel, layerNorm, logSumExp, map, max, maxPool, merge, min, type Out, prefix, rename, rmsNorm, rope, sameDocument, silu,
  sizeOf, slidingWindow, softmax, split, sum, swiglu, tabulate, topk, within,
} from '../../../dsl/index.js';

// Kernels that use every function of the language and its library, so that both readings can be compared on each.

type Rows = In<'f32', ['q', 'k']>;
const sizes = { q: 'dynamic', k: 'dynamic' } as const;

export const rowShares = kernel('rowShares', sizes, (x: Rows): { p: Out<'f32', ['q', 'k']>; lse: Out<'f32', ['q']>; h: Out<'f32', ['q']> } => {
  return { p: softmax(x, 'k'), lse: logSumExp(x, 'k'), h: entropy(x, 'k') };
});

export const norms = kernel('norms', sizes, (x: Rows, gain: In<'f32', ['k']>, bias: In<'f32', ['k']>): { rms: Out<'f32', ['q', 'k']>; layer: Out<'bf16', ['k', 'q']> } => {
  return { rms: rmsNorm(x, gain, 'k', 1e-6), layer: cast('bf16', layerNorm(x, gain, bias, 'k', 1e-5)) };
});

export const gates = kernel('gates', sizes, (x: Rows, y: Rows): { a: Out<'f32', ['q', 'k']>; b: Out<'f32', ['q', 'k']>; c: Out<'f32', ['q', 'k']> } => {
  return { a: map(x, silu), b: map(x, y, (x, y) => swiglu(x, y)), c: map(x, (x) => gelu(x)) };
});

export const rotated = kernel('rotated', { q: 'dynamic', d: 6 }, (x: In<'f32', ['q', 'd']>, cos: In<'f32', ['q', 'd']>, sin: In<'f32', ['q', 'd']>): Out<'f32', ['q', 'd']> => rope(x, cos, sin, 'd'));

export const pooled = kernel('pooled', { k: 'dynamic', j: 3 }, (x: In<'f32', ['k']>): Out<'f32', ['k']> => maxPool(x, 'k', 'j', 3));

export const masked = kernel('masked', sizes, (x: Rows, document: In<'i32', ['q']>, length: In<'i32', []>): Out<'f32', ['q']> => {
  const ofKey = gather(document, 'q', tabulate(['k'], (at) => at.k % sizeOf('q')));
  const near = map(x, (x, { q, k }) => (causal(q, k) || slidingWindow(q, k, 2) ? x : -Infinity));
  const far = map(near, length, (x, length, at) => (causalFrom(at.q, at.k, length) && prefix(at.q, at.k, length) && !dilated(at.q, at.k, 2) ? x : 1));
  const same = map(far, document, ofKey, length, (x, d, e, length, at) => (sameDocument(d, e) && within(at.k, length) ? x : 0));
  return sum(same, 'k');
});

export const reshaped = kernel('reshaped', { q: 'dynamic', d: 6, best: 2 }, (x: In<'f32', ['q', 'd']>): { largest: Out<'f32', ['q']>; where: Out<'i32', ['q', 'best']>; flat: Out<'f32', ['e', 'q']> } => {
  const pairs = split(x, 'd', 'o', 'i', 2);
  const largest = max(max(pairs, 'o'), 'i');
  const across = map(pairs, min(rename(pairs, 'i', 'j'), 'j'), (x, least) => x - least);
  return { largest, where: topk(x, 'd', 2, 'best'), flat: merge(across, 'o', 'i', 'e') };
});
