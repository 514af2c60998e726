import { fc } from '@fast-check/vitest';
import { type AnyTensor, array, type Axis, denseOf, type DType, type Tensor } from '../../dsl/index.js';
import { values } from '../kit/values.js';

/** A tensor whose axes only the test knows. */
export type Some<E extends DType = DType> = Tensor<E, Axis>;
export type Index = Readonly<Record<Axis, number>>;

export interface Drawn<E extends DType = DType> { readonly order: readonly Axis[]; readonly seed: number; readonly dtype: E }
/** Which axes a tensor has, `need` among them, in which order they lie, and a seed for its data. */
export const drawn = <E extends DType = DType>(axes: readonly Axis[], need: readonly Axis[] = [], dtypes: readonly E[] = everyDtype as readonly E[]): fc.Arbitrary<Drawn<E>> => fc.record({
  order: fc.shuffledSubarray([...axes]).map((some) => [...some, ...need.filter((a) => !some.includes(a))]),
  seed: fc.nat(), dtype: fc.constantFrom(...dtypes),
});
const everyDtype: readonly DType[] = ['f32', 'f16', 'bf16', 'f8e4m3', 'i32'];
/** Lengths of axes: small, empty ones included. */
export const sizesOf = <A extends Axis>(axes: readonly A[], min = 0): fc.Arbitrary<Readonly<Record<A, number>>> =>
  fc.tuple(...axes.map(() => fc.integer({ min, max: 4 }))).map((n) => Object.fromEntries(axes.map((a, i) => [a, n[i]])) as Record<A, number>);

/** The drawn tensor. `specials` is the share of zeros, NaN and infinities. */
export function tensor<E extends DType>(d: Drawn<E>, sizes: Index, specials = 0, range: { readonly min?: number; readonly max?: number } = {}): Some<E> {
  const shape = d.order.map((a) => sizes[a] ?? 1);
  return array(values(d.seed, shape.reduce((n, s) => n * s, 1), { dtype: d.dtype, specials, ...range }), { axes: d.order, shape, dtype: d.dtype });
}

/** The element of `x` at an index that may name more axes than it has. */
export function at(x: AnyTensor, index: Index): number {
  const { axes, shape, data } = denseOf(x);
  return data[axes.reduce((n, a, i) => n * (shape[i] ?? 0) + (index[a] ?? NaN), 0)] ?? NaN;
}

/** Every index of some axes. */
export const indices = (axes: readonly Axis[], sizes: Index): readonly Index[] =>
  axes.reduce<readonly Index[]>((all, a) => all.flatMap((index) => Array.from({ length: sizes[a] ?? 0 }, (_, i) => ({ ...index, [a]: i }))), [{}]);

/** Indices at which `x` is not what `expected` says, and the shape where that differs. Compares bit for bit. */
export function differences(x: AnyTensor, axes: readonly Axis[], sizes: Index, expected: (index: Index) => number): readonly unknown[] {
  const made = denseOf(x);
  const shape = Object.fromEntries(made.axes.map((a, i) => [a, made.shape[i]]));
  const wanted = Object.fromEntries(axes.map((a) => [a, sizes[a]]));
  const sameShape = axes.length === made.axes.length && axes.every((a) => shape[a] === wanted[a]);
  if (!sameShape) return [{ shape, wanted }];
  return indices(axes, sizes).flatMap((index) => (Object.is(at(x, index), expected(index)) ? [] : [{ index, made: at(x, index), wanted: expected(index) }]));
}
