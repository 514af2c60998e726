import { cast, dot, type In, kernel, logSumExp, map, type Out, ragged, softmax } from '../../../dsl/index.js';

/** Sequences of different lengths packed behind each other, each causal. */
export const raggedAttention = kernel('raggedAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'bf16' | 'f16'>(q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, scale: In<'f32', []>):
    { readonly o: Out<E, ['c', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['c', 'q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale, at) => (at.k <= at.q ? s * scale : -Infinity));
    return { o: cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k')), lse: logSumExp(s, 'k') };
  });
