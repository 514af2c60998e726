import { cast, gather, type In, kernel, map, type Out, ragged, sizeOf, tabulate, type Tensor } from '../../dsl/index.js';

type Rows<A extends string> = Tensor<'f32' | 'bf16', 'c' | A | 'g' | 'd'>;

/** The first rows of `before`, as many as `behind` leaves room for, then all of `behind`. */
const joined = (before: Rows<'j'>, behind: Rows<'q'>): Tensor<'f32', 'c' | 'k' | 'g' | 'd'> => {
  const first = gather(before, 'j', tabulate(['k'], (at) => at.k));
  const last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')));
  return map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first : last));
};

/**
 * K and V of chunks whose last rows are new: of each chunk the first rows that are stored, then the new ones. How many rows
 * there are in all, the offsets of k say; what is stored of a chunk may be more than the new rows leave room for.
 * Packed by chunk: stored `k` and `v` [j, g, d], new `kNew` and `vNew` [q, g, d]; `keys` and `values` [k, g, d].
 */
export const joinRows = kernel('joinRows', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    k: In<E, ['c', 'j', 'g', 'd']>, v: In<E, ['c', 'j', 'g', 'd']>, kNew: In<E, ['c', 'q', 'g', 'd']>, vNew: In<E, ['c', 'q', 'g', 'd']>,
  ): { keys: Out<E, ['c', 'k', 'g', 'd']>; values: Out<E, ['c', 'k', 'g', 'd']> } => {
    return { keys: cast(k.dtype, joined(k, kNew)), values: cast(v.dtype, joined(v, vNew)) };
  });

/** {@link joinRows} where what is stored has 8 bits, each KV head in units of its scale; `kScale` and `vScale` [g]. */
export const joinRowsScaled = kernel('joinRowsScaled', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    k: In<'f8e4m3', ['c', 'j', 'g', 'd']>, v: In<'f8e4m3', ['c', 'j', 'g', 'd']>, kNew: In<E, ['c', 'q', 'g', 'd']>, vNew: In<E, ['c', 'q', 'g', 'd']>,
    kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>,
  ): { keys: Out<E, ['c', 'k', 'g', 'd']>; values: Out<E, ['c', 'k', 'g', 'd']> } => {
    const whole = (x: In<'f8e4m3', ['c', 'j', 'g', 'd']>, scale: In<'f32', ['g']>): Rows<'j'> => map(x, scale, (x, scale) => x * scale);
    return { keys: cast(kNew.dtype, joined(whole(k, kScale), kNew)), values: cast(vNew.dtype, joined(whole(v, vScale), vNew)) };
  });
