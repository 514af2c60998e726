import type { Axis } from '../../dsl/expr.js';

/** Elements in row-major order of `axes`; lengths follow from the scope the value was made in. */
export interface Values { readonly axes: readonly Axis[]; readonly data: Float64Array }
/** A range of positions of one axis. */
export interface Extent { readonly from: number; readonly size: number }

/** The range of each axis. */
export const extents = (axes: readonly Axis[], of: (a: Axis) => Extent): readonly Extent[] => axes.map(of);

/** How far one step along each of `axes` moves in a row-major array over `own`; 0 for axes it lacks. */
export function stridesOf(axes: readonly Axis[], own: readonly Axis[], length: (a: Axis) => number): readonly number[] {
  const strides = new Map<Axis, number>();
  let stride = 1;
  for (const a of [...own].reverse()) {
    strides.set(a, stride);
    stride *= length(a);
  }
  return axes.map((a) => strides.get(a) ?? 0);
}

/** Index over `axes` → place in a row-major array over `own`. */
export function offsets(axes: readonly Axis[], own: readonly Axis[], length: (a: Axis) => number): (index: readonly number[]) => number {
  const strides = stridesOf(axes, own, length);
  return (index) => index.reduce((n, i, k) => n + i * (strides[k] ?? 0), 0);
}

/** `f` at every index of a row-major array, last axis fastest. The index array is reused between calls. */
export function walk(shape: readonly Extent[], f: (index: readonly number[]) => number): Float64Array {
  const count = shape.reduce((n, s) => n * s.size, 1);
  const data = new Float64Array(count);
  const index = shape.map(() => 0);
  for (let i = 0; i < count; i++) {
    data[i] = f(index);
    for (let k = shape.length - 1; k >= 0; k--) {
      const next = (index[k] ?? 0) + 1;
      const wraps = next === shape[k]?.size;
      index[k] = wraps ? 0 : next;
      if (!wraps) break;
    }
  }
  return data;
}
