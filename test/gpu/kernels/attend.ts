import { cast, type DType, dot, type In, logSumExp, map, type Out, softmax, type Tensor } from '../../../dsl/index.js';

// What the attention kernels of this folder have in common: batch b, KV heads g, query heads r of each, head dim d.
export type Queries<E extends DType> = In<E, ['b', 'q', 'g', 'r', 'd']>;
export type Keys<E extends DType> = In<E, ['b', 'k', 'g', 'd']>;
export type Attended<E extends DType> = { readonly o: Out<E, ['b', 'q', 'g', 'r', 'd']>; readonly lse: Out<'f32', ['b', 'q', 'g', 'r']> };
export type Scores = Tensor<'f32', 'b' | 'q' | 'g' | 'r' | 'k'>;

/** q·k·scale. */
export function scores<E extends DType>(q: Queries<E>, k: Keys<E>, scale: In<'f32', []>): Scores {
  return map(dot(q, k, 'd'), scale, (s, scale) => s * scale);
}

/** Values weighted by the softmax of the scores, and the log-sum-exp of each row. */
export function attend<E extends DType>(q: Queries<E>, s: Scores, v: Keys<E>): Attended<E> {
  return { o: cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k')), lse: logSumExp(s, 'k') };
}
