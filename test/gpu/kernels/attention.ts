import { type In, kernel, map, sizeOf } from '../../../dsl/index.js';
import { attend, type Attended, type Keys, type Queries, scores } from './attend.js';

// Masks of FlashAttention's tests. Where lengths differ, "from the end" lets the last query see the last key.

export const fullAttention = kernel('fullAttention', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 96, 128, 256] },
  <E extends 'bf16' | 'f16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): Attended<E> => attend(q, scores(q, k, scale), v));

export const causalAttention = kernel('causalAttention', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 96, 128, 256] },
  <E extends 'bf16' | 'f16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): Attended<E> =>
    attend(q, map(scores(q, k, scale), (s, at) => (at.k <= at.q ? s : -Infinity)), v));

export const endCausalAttention = kernel('endCausalAttention', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 96, 128, 256] },
  <E extends 'bf16' | 'f16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>): Attended<E> =>
    attend(q, map(scores(q, k, scale), (s, at) => (at.k <= at.q + sizeOf('k') - sizeOf('q') ? s : -Infinity)), v));

/** From `left` keys before the query's own place, counted from the end, to `right` behind it. */
export const windowAttention = kernel('windowAttention', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'bf16' | 'f16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>, left: In<'i32', []>, right: In<'i32', []>): Attended<E> =>
    attend(q, map(scores(q, k, scale), left, right, (s, left, right, at) => (at.k >= at.q + sizeOf('k') - sizeOf('q') - left && at.k <= at.q + sizeOf('k') - sizeOf('q') + right ? s : -Infinity)), v));

/** The first `length` keys, each batch entry its own number. */
export const lengthAttention = kernel('lengthAttention', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'bf16' | 'f16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, scale: In<'f32', []>, length: In<'i32', ['b']>): Attended<E> =>
    attend(q, map(scores(q, k, scale), length, (s, length, at) => (at.k < length ? s : -Infinity)), v));
