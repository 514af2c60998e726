import { cast, type DType, dot, gather, type In, kernel, map, type Out, sizeOf, softmax, type Tensor, topk } from 'warpfold/dsl';

// Numbers of 8 bits on their way into and out of kernels.

/** Rounding in memory: scaled, stored in 8 bits, and what a reader finds there. */
export const stored = kernel('stored', { n: 'dynamic', d: 'dynamic' },
  (x: In<'f32', ['n', 'd']>, scale: In<'f32', []>): Out<'f8e4m3', ['n', 'd']> => cast('f8e4m3', map(x, scale, (x, scale) => x / scale)));

/** Rounding on the way, in registers. */
export const roundedOnTheWay = kernel('roundedOnTheWay', { n: 'dynamic', d: 'dynamic' },
  (x: In<'f32', ['n', 'd']>, y: In<'f8e4m3', ['d']>): Out<'f32', ['n', 'd']> => map(cast('f8e4m3', x), y, (x, y) => x + y));

/** Read as every dtype that has all of its numbers. */
export const read = kernel('read', { n: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'f16' | 'bf16'>(x: In<'f8e4m3', ['n', 'd']>, y: In<E, ['d']>): Out<E, ['n', 'd']> => cast(y.dtype, map(cast(y.dtype, x), y, (x, y) => x * y)));

/** Moved as they are, and the places of the largest. */
export const moved = kernel('moved', { n: 'dynamic', m: 'dynamic', d: 'dynamic' },
  (x: In<'f8e4m3', ['n', 'd']>, rows: In<'i32', ['m']>): { picked: Out<'f8e4m3', ['m', 'd']>; best: Out<'i32', ['d', 'm']> } =>
    ({ picked: gather(x, 'n', rows), best: topk(x, 'n', sizeOf('m'), 'm') }));

/** A product with a matrix of 8 bits, either way round. */
export const multiplied = kernel('multiplied', { q: 'dynamic', k: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'k']>, a: In<'f8e4m3', ['k', 'd']>, b: In<'f8e4m3', ['d', 'k']>): { byRows: Out<'f32', ['q', 'd']>; byColumns: Out<'f32', ['q', 'd']> } =>
    ({ byRows: dot(x, cast(x.dtype, a), 'k'), byColumns: dot(x, cast(x.dtype, b), 'k') }));

type Keys = In<'f8e4m3', ['k', 'g', 'd']>;
const widened = <E extends DType>(dtype: E, x: Keys): Tensor<E, 'k' | 'g' | 'd'> => cast(dtype, x);

/** Attention over keys and values of 8 bits, each with a scale per head. */
export const attended = kernel('attended', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: In<E, ['q', 'g', 'r', 'd']>, k: Keys, v: Keys, kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>, scale: In<'f32', []>): Out<E, ['q', 'g', 'r', 'd']> => {
    const s = map(dot(q, widened(q.dtype, k), 'd'), kScale, scale, (s, own, scale, at) => (at.k <= at.q ? s * (own * scale) : -Infinity));
    return cast(q.dtype, map(dot(cast(q.dtype, softmax(s, 'k')), widened(q.dtype, v), 'k'), vScale, (o, own) => o * own));
  });
