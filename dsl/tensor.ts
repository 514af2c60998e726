import { callError, currentSize, currentWindow, learnSizes } from './context.js';
import { dense, type Dense, sizeOn } from './dense.js';
import type { DType } from './dtype.js';
import type { Axis } from './expr.js';
import { castDense, dotDense, mapDense, reduceDense, tabulateDense } from './interpret.js';
import { gatherDense, mergeDense, renameDense, splitDense, topkDense } from './moves.js';
import type { Over, OverBoth, OverIndexed, Rest } from './typeRules.js';

declare const axesOf: unique symbol;
/** A tensor with a *set* of named axes: operands meet by name, reductions name the axis they remove. Tensors with other axes are other types. */
// biome-ignore lint/correctness/noUnusedVariables: A is compared by name, as its variance says; no property needs it.
export interface Tensor<out E extends DType, in out A extends Axis> {
  /** What its elements are stored as. */
  readonly dtype: E;
  /** Tells tensors from other objects. Exists only in types. */
  readonly [axesOf]: unknown;
}
/** A kernel's parameter: memory order as a tuple, outermost first; `[]` is a scalar passed by value. */
export type In<E extends DType, Order extends readonly Axis[]> = Tensor<E, Order[number]>;
/** A kernel's result; see {@link In}. */
export type Out<E extends DType, Order extends readonly Axis[]> = Tensor<E, Order[number]>;
/** Positions on the axes of a map's result. */
export type At<A extends Axis> = { readonly [K in A]: number };
/** Any tensor, where its axes and dtype do not matter. */
export type AnyTensor = { /** What its elements are stored as. */ readonly dtype: DType };

/** The dense array behind a tensor. @throws RangeError R501 when the value was not made by `array` or a primitive. */
export function denseOf(x: unknown): Dense {
  if (!isDense(x)) throw callError('R501', 'this is no tensor; make one with array(data, { axes, shape, dtype })');
  return x;
}
const isDense = (x: unknown): x is Dense => typeof x === 'object' && x !== null && 'data' in x && x.data instanceof Float64Array;
// The brand of a tensor's type holds no data; this is the one place that asserts it.
const typed = <E extends DType, A extends Axis>(x: Dense): Tensor<E, A> => x as unknown as Tensor<E, A>;
/** A tensor with axes that the kernel may not have known: their lengths are known from now on. */
function withNew<E extends DType, A extends Axis>(op: string, x: Dense, axes: readonly Axis[]): Tensor<E, A> {
  learnSizes(op, axes, (a) => sizeOn(x, a));
  return typed(x);
}

/** A tensor from numbers in row-major order of `axes`; f32 unless `dtype` says otherwise. The values stay as they are. @throws RangeError R502 when shape and data disagree. */
export function array<const A extends readonly Axis[], E extends DType = 'f32'>(
  data: ArrayLike<number>, form: { readonly axes: A; readonly shape: readonly number[]; readonly dtype?: E },
): Tensor<E, A[number]> {
  return typed(dense(form.dtype ?? 'f32', form.axes, form.shape, Float64Array.from(data)));
}

/** Element-wise: `f` sees one element of each operand, broadcast by axis name, and the positions `at` on the result's axes. Yields f32. */
export function map<A extends Axis>(x: Tensor<DType, A>, f: (x: number, at: At<A>) => number): Tensor<'f32', A>;
export function map<A extends Axis, B extends Axis>(x: Tensor<DType, A>, y: Tensor<DType, B>, f: (x: number, y: number, at: At<A | B>) => number): Tensor<'f32', A | B>;
export function map<A extends Axis, B extends Axis, C extends Axis>(
  x: Tensor<DType, A>, y: Tensor<DType, B>, z: Tensor<DType, C>, f: (x: number, y: number, z: number, at: At<A | B | C>) => number): Tensor<'f32', A | B | C>;
export function map<A extends Axis, B extends Axis, C extends Axis, D extends Axis>(
  x: Tensor<DType, A>, y: Tensor<DType, B>, z: Tensor<DType, C>, u: Tensor<DType, D>,
  f: (x: number, y: number, z: number, u: number, at: At<A | B | C | D>) => number): Tensor<'f32', A | B | C | D>;
export function map<A extends Axis, B extends Axis, C extends Axis, D extends Axis, F extends Axis>(
  x: Tensor<DType, A>, y: Tensor<DType, B>, z: Tensor<DType, C>, u: Tensor<DType, D>, v: Tensor<DType, F>,
  f: (x: number, y: number, z: number, u: number, v: number, at: At<A | B | C | D | F>) => number): Tensor<'f32', A | B | C | D | F>;
export function map<A extends Axis, B extends Axis, C extends Axis, D extends Axis, F extends Axis, G extends Axis>(
  x: Tensor<DType, A>, y: Tensor<DType, B>, z: Tensor<DType, C>, u: Tensor<DType, D>, v: Tensor<DType, F>, w: Tensor<DType, G>,
  f: (x: number, y: number, z: number, u: number, v: number, w: number, at: At<A | B | C | D | F | G>) => number): Tensor<'f32', A | B | C | D | F | G>;
export function map(...operands: readonly unknown[]): Tensor<'f32', Axis> {
  const f = operands.at(-1);
  if (!isFunction(f)) throw callError('R501', 'map: the last operand must be an arrow');
  return typed(mapDense(operands.slice(0, -1).map(denseOf), f));
}
const isFunction = (f: unknown): f is (...xs: readonly unknown[]) => number => typeof f === 'function';

/** Σ over one axis of a·b, accumulated in f32; other axes meet by name. */
export function dot<E extends DType, F extends DType, A extends Axis, B extends Axis, K extends Axis>(
  a: Tensor<E, A>, b: Tensor<F, B>, over: OverBoth<E, F, A, B, K>): Tensor<'f32', Rest<A & B, A | B, K>> {
  return typed(dotDense(denseOf(a), denseOf(b), over));
}
type Summed<E extends DType> = E extends 'i32' ? 'i32' : 'f32';
/** Σ over one axis; of none, 0. */
export function sum<E extends DType, A extends Axis, K extends Axis>(x: Tensor<E, A>, over: Over<'sum', A, K>): Tensor<Summed<E>, Rest<A, A, K>> {
  return typed(reduceDense('sum', denseOf(x), over));
}
/** Largest over one axis; of none, −∞; NaN where there is one. */
export function max<E extends DType, A extends Axis, K extends Axis>(x: Tensor<E, A>, over: Over<'max', A, K>): Tensor<Summed<E>, Rest<A, A, K>> {
  return typed(reduceDense('max', denseOf(x), over));
}
/** Smallest over one axis; of none, +∞; NaN where there is one. */
export function min<E extends DType, A extends Axis, K extends Axis>(x: Tensor<E, A>, over: Over<'min', A, K>): Tensor<Summed<E>, Rest<A, A, K>> {
  return typed(reduceDense('min', denseOf(x), over));
}
/** `x` at computed positions along one axis; `outside` (0) where a position falls outside. Axes both have meet by name. */
export function gather<E extends DType, F extends DType, A extends Axis, B extends Axis, K extends Axis>(
  x: Tensor<E, A>, over: OverIndexed<F, A, K>, index: Tensor<F, B>, outside = 0): Tensor<E, Rest<A, A, K> | B> {
  return typed(gatherDense(denseOf(x), over, denseOf(index), outside));
}
/**
 * Positions of the `count` largest along one axis, ascending; ties go to the lower position, NaN counts as lowest, and −1
 * fills up where the axis is shorter. `count` is a constant or `sizeOf(as)`; `as` names the result's axis.
 */
export function topk<E extends DType, A extends Axis, K extends Axis, N extends Axis>(
  x: Tensor<E, A>, over: Over<'topk', A, K>, count: number, as: N): Tensor<'i32', Rest<A, A, K> | N> {
  return withNew('topk', topkDense(denseOf(x), over, count, as), [as]);
}
/** A tensor of integers computed from positions alone. Lengths are those of the running kernel. */
export function tabulate<const A extends readonly Axis[]>(axes: A, f: (at: At<A[number]>) => number): Tensor<'i32', A[number]> {
  return typed(tabulateDense(axes, axes.map((a) => currentWindow(a, 'tabulate').size), f));
}
/** The length of an axis of the running kernel. @throws RangeError R505 outside of a kernel. */
export function sizeOf(axis: Axis): number {
  return currentSize(axis, 'sizeOf');
}
/** The same tensor with one axis under another name. */
export function rename<E extends DType, A extends Axis, K extends Axis, N extends Axis>(x: Tensor<E, A>, from: Over<'rename', A, K>, to: N): Tensor<E, Rest<A, A, K> | N> {
  return withNew('rename', renameDense(denseOf(x), from, to), [to]);
}
/** One axis as two: position = outer · size + inner. */
export function split<E extends DType, A extends Axis, K extends Axis, O extends Axis, I extends Axis>(
  x: Tensor<E, A>, from: Over<'split', A, K>, outer: O, inner: I, size: number): Tensor<E, Rest<A, A, K> | O | I> {
  return withNew('split', splitDense(denseOf(x), from, outer, inner, size), [outer, inner]);
}
/** Two axes as one: position = outer · (length of inner) + inner. */
export function merge<E extends DType, A extends Axis, O extends Axis, I extends Axis, N extends Axis>(
  x: Tensor<E, A>, outer: Over<'merge', A, O>, inner: Over<'merge', A, I>, to: N): Tensor<E, Rest<A, Rest<A, A, O>, I> | N> {
  return withNew('merge', mergeDense(denseOf(x), outer, inner, to), [to]);
}
/** Rounds to `dtype`: the only rounding there is. To i32 it truncates. */
export function cast<E extends DType, A extends Axis>(dtype: E, x: Tensor<DType, A>): Tensor<E, A> {
  return typed(castDense(dtype, denseOf(x)));
}
