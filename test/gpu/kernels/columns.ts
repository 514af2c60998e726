import { dot, type In, kernel, map, type Out, sizeOf, softmax, sum, cast, logSumExp } from '../../../dsl/index.js';

export const keptColumns = kernel('keptColumns', { b: 'dynamic', q: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'bf16' | 'f16'>(q: In<E, ['b', 'q', 'g', 'r', 'd']>, k: In<E, ['b', 'k', 'g', 'd']>, v: In<E, ['b', 'k', 'g', 'd']>, scale: In<'f32', []>):
    { readonly o: Out<E, ['b', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['b', 'q', 'g', 'r']>; readonly column: Out<'f32', ['b', 'g', 'r', 'k']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * scale : -Infinity));
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(p, 'q') };
  });
export const oneColumns = kernel('oneColumns', { b: 'dynamic', q: 1, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'bf16' | 'f16'>(q: In<E, ['b', 'q', 'g', 'r', 'd']>, k: In<E, ['b', 'k', 'g', 'd']>, v: In<E, ['b', 'k', 'g', 'd']>, scale: In<'f32', []>):
    { readonly o: Out<E, ['b', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['b', 'q', 'g', 'r']>; readonly column: Out<'f32', ['b', 'g', 'r', 'k']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale) => s * scale);
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(p, 'q') };
  });
export const allColumns = kernel('allColumns', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'bf16' | 'f16'>(q: In<E, ['b', 'q', 'g', 'r', 'd']>, k: In<E, ['b', 'k', 'g', 'd']>, v: In<E, ['b', 'k', 'g', 'd']>, scale: In<'f32', []>):
    { readonly o: Out<E, ['b', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['b', 'q', 'g', 'r']>; readonly column: Out<'f32', ['b', 'g', 'r', 'k']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * scale : -Infinity));
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(p, 'q') };
  });
