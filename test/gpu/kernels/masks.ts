import { causal, dilated, type In, kernel, map, prefix, sameDocument, slidingWindow } from '../../../dsl/index.js';
import { attend, type Attended, type Keys, type Queries, scores } from './attend.js';

// Masks that libraries of flexible attention show (attention-gym, PyTorch's tests of FlexAttention).

type Q = Queries<'bf16'>;
type K = Keys<'bf16'>;
type Scale = In<'f32', []>;

export const slidingWindowMask = kernel('slidingWindowMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  (q: Q, k: K, v: K, scale: Scale, width: In<'i32', []>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), width, (s, width, at) => (slidingWindow(at.q, at.k, width) ? s : -Infinity)), v));

export const prefixMask = kernel('prefixMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  (q: Q, k: K, v: K, scale: Scale, length: In<'i32', []>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), length, (s, length, at) => (prefix(at.q, at.k, length) ? s : -Infinity)), v));

export const documentMask = kernel('documentMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  (q: Q, k: K, v: K, scale: Scale, ofQuery: In<'i32', ['q']>, ofKey: In<'i32', ['k']>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), ofQuery, ofKey, (s, i, j, at) => (sameDocument(i, j) && causal(at.q, at.k) ? s : -Infinity)), v));

export const dilatedMask = kernel('dilatedMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale, stride: In<'i32', []>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), stride, (s, stride, at) => (dilated(at.q, at.k, stride) ? s : -Infinity)), v));

/** Keys no further than `reach` in either direction on a grid `width` wide. */
export const neighbourMask = kernel('neighbourMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale, width: In<'i32', []>, reach: In<'i32', []>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), width, reach, (s, width, reach, at) =>
      (Math.abs((at.q % width) - (at.k % width)) <= reach && Math.abs(Math.floor(at.q / width) - Math.floor(at.k / width)) <= reach ? s : -Infinity)), v));

export const inverseCausalMask = kernel('inverseCausalMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale): Attended<'bf16'> => attend(q, map(scores(q, k, scale), (s, at) => (at.k >= at.q ? s : -Infinity)), v));

/** Causal among blocks of `block` positions, full inside one. */
export const blockCausalMask = kernel('blockCausalMask', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale, block: In<'i32', []>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), block, (s, block, at) => (Math.floor(at.k / block) <= Math.floor(at.q / block) ? s : -Infinity)), v));
