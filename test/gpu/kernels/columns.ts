import { cast, type DType, dot, type In, kernel, logSumExp, map, type Out, ragged, sizeOf, softmax, sum } from '../../../dsl/index.js';
import { type Keys, type Queries, type Scores, scores } from './attend.js';

// Outputs, log-sum-exps and what all rows together pay to each key, from one softmax.

type WithColumns<E extends DType> = { readonly o: Out<E, ['b', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['b', 'q', 'g', 'r']>; readonly column: Out<'f32', ['b', 'g', 'r', 'k']> };

function attendAndSum<E extends DType>(q: Queries<E>, s: Scores, v: Keys<E>): WithColumns<E> {
  const p = softmax(s, 'k');
  return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(p, 'q') };
}

/** The last eight rows, causal from the end. */
export const fewColumns = kernel('fewColumns', { b: 'dynamic', q: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): WithColumns<E> =>
    attendAndSum(q, map(scores(q, k, scale), (s, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s : -Infinity)), v));

/** One row, which sees all keys. */
export const lastColumns = kernel('lastColumns', { b: 'dynamic', q: 1, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): WithColumns<E> => attendAndSum(q, scores(q, k, scale), v));

/** Any number of rows, causal from the end. */
export const allColumns = kernel('allColumns', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): WithColumns<E> =>
    attendAndSum(q, map(scores(q, k, scale), (s, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s : -Infinity)), v));

/** The outputs of any number of rows, and what the last eight of them pay. */
export const tailColumns = kernel('tailColumns', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): WithColumns<E> => {
    const s = map(scores(q, k, scale), (s, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s : -Infinity));
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(map(p, (p, at) => (at.q >= sizeOf('q') - 8 ? p : 0)), 'q') };
  });

/** Eight rows behind each of several sequences of keys packed behind each other. */
export const raggedColumns = kernel('raggedColumns', { c: 'dynamic', q: 8, k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, scale: In<'f32', []>):
    { readonly o: Out<E, ['c', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['c', 'q', 'g', 'r']>; readonly column: Out<'f32', ['g', 'r', 'c', 'k']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * scale : -Infinity));
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(p, 'q') };
  });
