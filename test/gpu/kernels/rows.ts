import { cast, dot, entropy, gelu, type In, kernel, layerNorm, map, type Out, rmsNorm, sizeOf, softmax, topk } from '../../../dsl/index.js';

// Pipelines around matrix products and over rows.

export const matmul = kernel('matmul', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'bf16' | 'f16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => cast(x.dtype, dot(x, w, 'e')));

/** The other operand in the other order: rows of it are summed over. */
export const matmulRows = kernel('matmulRows', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'bf16' | 'f16'>(x: In<E, ['q', 'e']>, w: In<E, ['e', 'f']>): Out<E, ['q', 'f']> => cast(x.dtype, dot(x, w, 'e')));

export const geluBias = kernel('geluBias', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'bf16' | 'f16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, bias: In<E, ['f']>): Out<E, ['q', 'f']> =>
    cast(x.dtype, map(dot(x, w, 'e'), bias, (y, bias) => gelu(y + bias))));

export const rmsNormMatmul = kernel('rmsNormMatmul', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'bf16' | 'f16'>(x: In<E, ['q', 'e']>, gain: In<E, ['e']>, w: In<E, ['f', 'e']>): Out<E, ['q', 'f']> =>
    cast(x.dtype, dot(cast(x.dtype, rmsNorm(x, gain, 'e', 1e-5)), w, 'e')));

export const layerNormed = kernel('layerNormed', { q: 'dynamic', e: 'dynamic' },
  <E extends 'bf16' | 'f16'>(x: In<E, ['q', 'e']>, gain: In<E, ['e']>, bias: In<E, ['e']>): Out<E, ['q', 'e']> =>
    cast(x.dtype, layerNorm(x, gain, bias, 'e', 1e-5)));

export const scoreEntropy = kernel('scoreEntropy', { q: 'dynamic', k: 'dynamic', d: 64 },
  (q: In<'bf16', ['q', 'd']>, k: In<'bf16', ['k', 'd']>, scale: In<'f32', []>): Out<'f32', ['q']> =>
    entropy(map(dot(q, k, 'd'), scale, (s, scale) => s * scale), 'k'));

/** A router: the n most probable of x experts. */
export const route = kernel('route', { q: 'dynamic', e: 'dynamic', x: 64, n: 2 },
  (h: In<'bf16', ['q', 'e']>, w: In<'bf16', ['x', 'e']>): Out<'i32', ['q', 'n']> => topk(softmax(dot(h, w, 'e'), 'x'), 'x', 2, 'n'));

export const topOfRow = kernel('topOfRow', { q: 'dynamic', k: 'dynamic', n: 'dynamic' },
  (s: In<'f32', ['q', 'k']>): Out<'i32', ['q', 'n']> => topk(s, 'k', sizeOf('n'), 'n'));
