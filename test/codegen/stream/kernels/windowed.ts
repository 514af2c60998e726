import { cast, type DType, dot, type In, kernel, logSumExp, map, type Out, softmax, sum } from '../../../../dsl/index.js';

// Rows w of query heads r, each with a window of keys around its own place: most keys are hidden from most rows, some from
// all. Outputs, log-sum-exps and what all rows pay to each key: sums over one row, eight rows, and any number.

type Rows<E extends DType> = In<E, ['w', 'r', 'd']>;
type Keys<E extends DType> = In<E, ['k', 'd']>;
type Summed<E extends DType> = { readonly o: Out<E, ['w', 'r', 'd']>; readonly lse: Out<'f32', ['w', 'r']>; readonly column: Out<'f32', ['r', 'k']> };

function windowed<E extends DType>(q: Rows<E>, k: Keys<E>, v: Keys<E>, back: In<'i32', []>, ahead: In<'i32', []>): Summed<E> {
  const s = map(dot(q, k, 'd'), back, ahead, (s, back, ahead, at) => (at.k >= at.w - back && at.k <= at.w + ahead ? s / 4 : -Infinity));
  const p = softmax(s, 'k');
  return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k'), column: sum(p, 'w') };
}

export const windowedOne = kernel('windowedOne', { w: 1, r: 'dynamic', k: 'dynamic', d: 32 },
  <E extends 'bf16' | 'f32'>(q: Rows<E>, k: Keys<E>, v: Keys<E>, back: In<'i32', []>, ahead: In<'i32', []>): Summed<E> => windowed(q, k, v, back, ahead));

export const windowedEight = kernel('windowedEight', { w: 8, r: 'dynamic', k: 'dynamic', d: 32 },
  <E extends 'bf16' | 'f32'>(q: Rows<E>, k: Keys<E>, v: Keys<E>, back: In<'i32', []>, ahead: In<'i32', []>): Summed<E> => windowed(q, k, v, back, ahead));

export const windowedAll = kernel('windowedAll', { w: 'dynamic', r: 'dynamic', k: 'dynamic', d: 32 },
  <E extends 'bf16' | 'f32'>(q: Rows<E>, k: Keys<E>, v: Keys<E>, back: In<'i32', []>, ahead: In<'i32', []>): Summed<E> => windowed(q, k, v, back, ahead));
