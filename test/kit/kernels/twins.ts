import { cast, dot, type In, kernel, logSumExp, map, type Out, softmax, sum } from 'warpfold/dsl';

// Each breaks one law that its twin in plain.ts keeps.

/** Scores that know which group they are of. */
export const positioned = kernel('positioned', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 16 },
  (q: In<'f32', ['q', 'g', 'r', 'd']>, k: In<'f32', ['k', 'g', 'd']>, v: In<'f32', ['k', 'g', 'd']>): { o: Out<'f32', ['q', 'g', 'r', 'd']>; lse: Out<'f32', ['q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), (s, at) => s * 0.25 + at.r * 0.5 + (at.k % 3) * 0.125);
    return { o: dot(softmax(s, 'k'), v, 'k'), lse: map(logSumExp(s, 'k'), (l) => 0.5 * l) };
  });

/** Heads that compete with each other. */
export const competing = kernel('competing', { q: 'dynamic', g: 'dynamic' }, (s: In<'f32', ['q', 'g']>): Out<'f32', ['q', 'g']> => softmax(s, 'g'));

/** A bias that hides little. */
export const leaky = kernel('leaky', { q: 'dynamic', k: 'dynamic', d: 'dynamic' },
  (s: In<'f32', ['q', 'k']>, bias: In<'f32', ['k']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(s, bias, (s, bias) => s + Math.max(bias, -4)), 'k'), v, 'k'));

/** Scores that a constant changes, and values that count by their squares. */
export const capped = kernel('capped', { q: 'dynamic', k: 'dynamic', d: 'dynamic' },
  (s: In<'f32', ['q', 'k']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(s, (s) => Math.tanh(s)), 'k'), map(v, (v) => v * v), 'k'));

/** Looks one key too far. */
export const ahead = kernel('ahead', { q: 'dynamic', k: 'dynamic', d: 16 },
  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(dot(q, k, 'd'), (s, at) => (at.k <= at.q + 1 ? s * 0.25 : -Infinity)), 'k'), v, 'k'));

/** A sum, which grows with every key. */
export const added = kernel('added', { k: 'dynamic', d: 'dynamic' }, (v: In<'f32', ['k', 'd']>): Out<'f32', ['d']> => sum(v, 'k'));

export const rounded = kernel('rounded', { k: 'dynamic' }, (x: In<'f32', ['k']>): Out<'bf16', ['k']> => cast('bf16', x));
