import { cast, dot, FLOOR, type In, kernel, map, max, type Out, sum } from '../../../dsl/index.js';
import { attend, type Attended, type Keys, type Queries, scores } from './attend.js';

// Functions of scores that libraries of flexible attention show.

type Q = Queries<'bf16'>;
type K = Keys<'bf16'>;
type Scale = In<'f32', []>;

export const alibi = kernel('alibi', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  (q: Q, k: K, v: K, scale: Scale, slope: In<'f32', ['g', 'r']>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), slope, (s, slope, at) => (at.k <= at.q ? s - slope * (at.q - at.k) : -Infinity)), v));

export const softcap = kernel('softcap', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  (q: Q, k: K, v: K, scale: Scale, cap: In<'f32', []>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), cap, (s, cap, at) => (at.k <= at.q ? cap * Math.tanh(s / cap) : -Infinity)), v));

export const relativeBias = kernel('relativeBias', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale, bias: In<'f32', ['q', 'k']>): Attended<'bf16'> => attend(q, map(scores(q, k, scale), bias, (s, bias) => s + bias), v));

export const distanceBias = kernel('distanceBias', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale): Attended<'bf16'> => attend(q, map(scores(q, k, scale), (s, at) => s + (at.q - at.k) / 64), v));

export const headBias = kernel('headBias', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale, factor: In<'f32', ['g', 'r']>, bias: In<'f32', ['b', 'g', 'r']>): Attended<'bf16'> =>
    attend(q, map(scores(q, k, scale), factor, bias, (s, factor, bias) => s * factor + bias), v));

export const trigonometric = kernel('trigonometric', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale): Attended<'bf16'> => attend(q, map(scores(q, k, scale), (s) => Math.sin(Math.cos(s)) + s * s), v));

/** One more logit per head without a value, which takes its share of each row. */
export const sinkAttention = kernel('sinkAttention', { b: 'dynamic', q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Q, k: K, v: K, scale: Scale, sink: In<'f32', ['g', 'r']>): { readonly o: Out<'bf16', ['b', 'q', 'g', 'r', 'd']> } => {
    const s = map(scores(q, k, scale), (s, at) => (at.k <= at.q ? s : -Infinity));
    const m = map(max(s, 'k'), (m) => Math.max(m, FLOOR));
    const e = map(s, m, (s, m) => Math.exp(s - m));
    const l = map(sum(e, 'k'), m, sink, (l, m, sink) => l + Math.exp(sink - m));
    return { o: cast('bf16', map(dot(cast('bf16', e), v, 'k'), l, (o, l) => o / l)) };
  });
