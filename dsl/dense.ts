import { callError } from './context.js';
import { type DType, roundTo } from './dtype.js';
import type { Axis } from './expr.js';
import { didYouMean } from './nearest.js';

/** A float64 array with named axes: what a tensor is when a kernel runs as its own reference. Row-major in the order of `axes`. */
export interface Dense {
  /** What the values were rounded to, or may be. */
  readonly dtype: DType;
  /** Outermost first. */
  readonly axes: readonly Axis[];
  /** Their lengths. */
  readonly shape: readonly number[];
  /** The elements. */
  readonly data: Float64Array;
}

/** Number of elements. */
export const sizeProduct = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);

/** A dense tensor over `data`. @throws RangeError R502 when axes, shape, data and dtype do not fit each other. */
export function dense(dtype: DType, axes: readonly Axis[], shape: readonly number[], data: Float64Array): Dense {
  const twice = axes.find((a, i) => axes.indexOf(a) !== i);
  if (twice !== undefined) throw callError('R502', `array: axis '${twice}' stands twice in [${axes.join(', ')}]`);
  if (axes.length !== shape.length) throw callError('R502', `array: ${axes.length} axes [${axes.join(', ')}], ${shape.length} lengths [${shape.join(', ')}]`);
  const odd = shape.find((s) => !Number.isInteger(s) || s < 0);
  if (odd !== undefined) throw callError('R502', `array: shape [${shape.join(', ')}] has the length ${odd}`);
  if (data.length !== sizeProduct(shape)) throw callError('R502', `array: shape [${shape.join(', ')}] holds ${sizeProduct(shape)} elements, got ${data.length}`);
  const broken = dtype === 'i32' ? data.findIndex((x) => (x | 0) !== x) : -1;
  if (broken >= 0) throw callError('R502', `array: element ${broken} is ${data[broken]}, no i32`);
  return { dtype, axes, shape, data };
}

/** Length of one axis of `x`. @throws RangeError R503 when `x` lacks it. */
export function sizeOn(x: Dense, axis: Axis, op = 'array'): number {
  const size = x.shape[x.axes.indexOf(axis)];
  if (size === undefined) throw callError('R503', `${op} over '${axis}': operand has axes [${x.axes.join(', ')}]${didYouMean(axis, x.axes)}`);
  return size;
}

/** How far one step along each of `axes` moves in `x`; 0 for axes it lacks. */
export function stridesOn(x: Dense, axes: readonly Axis[]): readonly number[] {
  const strides = new Map<Axis, number>();
  let stride = 1;
  for (let i = x.axes.length - 1; i >= 0; i--) {
    strides.set(x.axes[i] ?? '', stride);
    stride *= x.shape[i] ?? 1;
  }
  return axes.map((a) => strides.get(a) ?? 0);
}

/** Visits every index of `shape` in row-major order; `offsets[i]` follows `strides[i]`. Both arrays are reused between visits. */
export function walkShape(shape: readonly number[], strides: readonly (readonly number[])[], visit: (index: readonly number[], offsets: readonly number[]) => void): void {
  const index = shape.map(() => 0);
  const offsets = strides.map(() => 0);
  for (let left = sizeProduct(shape); left > 0; left--) {
    visit(index, offsets);
    for (let k = shape.length - 1; k >= 0; k--) {
      const next = (index[k] ?? 0) + 1;
      const wraps = next === shape[k];
      const moved = wraps ? 1 - next : 1;
      index[k] = wraps ? 0 : next;
      for (let s = 0; s < offsets.length; s++) offsets[s] = (offsets[s] ?? 0) + moved * (strides[s]?.[k] ?? 0);
      if (!wraps) break;
    }
  }
}

/** The same tensor with its axes in memory in `order`. @throws RangeError R503 when `order` is no order of its axes. */
export function inOrder(x: Dense, order: readonly Axis[]): Dense {
  if (order.length !== x.axes.length || x.axes.some((a) => !order.includes(a))) {
    throw callError('R503', `transposed: [${order.join(', ')}] is no order of the axes [${x.axes.join(', ')}]`);
  }
  if (order.every((a, i) => a === x.axes[i])) return x;
  const shape = order.map((a) => sizeOn(x, a));
  const data = new Float64Array(x.data.length);
  let i = 0;
  walkShape(shape, [stridesOn(x, order)], (_, [from = 0]) => { data[i++] = x.data[from] ?? NaN; });
  return { dtype: x.dtype, axes: order, shape, data };
}

/** Every element rounded to `dtype`. */
export const roundedTo = (x: Dense, dtype: DType): Dense => ({ ...x, dtype, data: x.data.map(roundTo[dtype]) });
