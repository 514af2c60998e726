import { cast, causal, dot, gather, type In, kernel, logSumExp, map, type Out, ragged, softmax, sum } from 'warpfold/dsl';

// Small kernels that the kit's own tests try its checks on.

export const shifted = kernel('shifted', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', ['n']> => map(x, (x) => x * 0.5 + 1));
/** The same up to position 4. */
export const shiftedAtFirst = kernel('shiftedAtFirst', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', ['n']> => map(x, (x, at) => (at.n < 5 ? x * 0.5 + 1 : x * 0.5)));

export const attend = kernel('attend', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 16 },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['q', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, scale: In<'f32', []>,
  ): { o: Out<E, ['q', 'g', 'r', 'd']>; lse: Out<'f32', ['q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale) => s * scale);
    return { o: cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k')), lse: logSumExp(s, 'k') };
  });

export const causalAttend = kernel('causalAttend', { q: 'dynamic', k: 'dynamic', d: 16 },
  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s * 0.25 : -Infinity)), 'k'), v, 'k'));

/** Rows of weights from scores: what a bias hides counts for nothing. */
export const weighted = kernel('weighted', { q: 'dynamic', k: 'dynamic', d: 'dynamic' },
  (s: In<'f32', ['q', 'k']>, bias: In<'f32', ['k']>, v: In<'f32', ['k', 'd']>): { o: Out<'f32', ['q', 'd']>; lse: Out<'f32', ['q']> } => {
    const seen = map(s, bias, (s, bias) => s + bias);
    return { o: dot(softmax(seen, 'k'), v, 'k'), lse: logSumExp(seen, 'k') };
  });

export const totals = kernel('totals', { c: 'dynamic', k: ragged('c'), d: 'dynamic' }, (x: In<'f32', ['c', 'k', 'd']>): Out<'f32', ['c', 'd']> => sum(x, 'k'));

export const rowsAt = kernel('rowsAt', { t: 'dynamic', q: 'dynamic', e: 'dynamic' }, (table: In<'f32', ['t', 'e']>, ids: In<'i32', ['q']>): Out<'f32', ['q', 'e']> => gather(table, 't', ids));
