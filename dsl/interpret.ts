import { callError, currentMode, currentOrigin } from './context.js';
import { type Dense, roundedTo, sizeOn, sizeProduct, stridesOn, walkShape } from './dense.js';
import { castExactly, type DType } from './dtype.js';
import type { Axis, ReduceOp } from './expr.js';

// The meaning of the primitives that compute, in float64, on dense arrays; those that move elements are in moves.ts.
// Sums run in index order, so that another reading of the same source can agree bit for bit.

/** Axes of all operands in order of first appearance, with their lengths. @throws RangeError R506 where lengths differ. */
export function joined(op: string, operands: readonly Dense[]): { readonly axes: readonly Axis[]; readonly shape: readonly number[] } {
  const sizes = new Map<Axis, number>();
  for (const x of operands) {
    for (const [i, a] of x.axes.entries()) {
      const size = x.shape[i] ?? 0;
      const known = sizes.get(a);
      if (known !== undefined && known !== size) throw callError('R506', `${op}: axis '${a}' is ${known} long in one operand and ${size} in another`);
      sizes.set(a, size);
    }
  }
  return { axes: [...sizes.keys()], shape: [...sizes.values()] };
}

/** `axes` without one of them. */
export const without = (axes: readonly Axis[], gone: Axis): readonly Axis[] => axes.filter((a) => a !== gone);

/** Calls `f` with one element per operand and the positions; both are reused between calls. */
export function mapDense(args: readonly Dense[], f: (...xs: readonly unknown[]) => number): Dense {
  const { axes, shape } = joined('map', args);
  return { dtype: 'f32', axes, shape, data: everywhere('map', axes, shape, args, f) };
}

/** @throws RangeError R507 when `f` gives no integer. */
export function tabulateDense(axes: readonly Axis[], shape: readonly number[], f: (at: never) => number): Dense {
  const data = everywhere('tabulate', axes, shape, [], f as (...xs: readonly unknown[]) => number);
  const broken = data.find((x) => !Number.isInteger(x));
  if (broken !== undefined) throw callError('R507', `tabulate over [${axes.join(', ')}]: the arrow gave ${broken}, it must give integers; use map for other numbers`);
  return { dtype: 'i32', axes, shape, data };
}

function everywhere(op: string, axes: readonly Axis[], shape: readonly number[], args: readonly Dense[], f: (...xs: readonly unknown[]) => number): Float64Array {
  const at: Record<Axis, number> = {};
  const operands: unknown[] = [...args.map(() => 0), at];
  const data = new Float64Array(sizeProduct(shape));
  const origins = axes.map(currentOrigin);
  // The last axis runs in a loop of its own: per element only what changes.
  const last = axes.at(-1);
  const length = shape.at(-1) ?? 1;
  const origin = origins.at(-1) ?? 0;
  const outer = axes.slice(0, -1);
  const steps = args.map((x) => (last === undefined ? 0 : (stridesOn(x, [last])[0] ?? 0)));
  let i = 0;
  const row = (index: readonly number[], from: readonly number[]): void => {
    for (let k = 0; k < outer.length; k++) at[outer[k] ?? ''] = (origins[k] ?? 0) + (index[k] ?? 0);
    for (let j = 0; j < length; j++) {
      if (last !== undefined) at[last] = origin + j;
      for (let n = 0; n < args.length; n++) operands[n] = args[n]?.data[(from[n] ?? 0) + j * (steps[n] ?? 0)];
      const y = f(...operands);
      if (typeof y !== 'number') throw callError('R507', `${op}: the arrow gave ${String(y)}, it must give a number`);
      data[i++] = y;
    }
  };
  walkShape(shape.slice(0, -1), args.map((x) => stridesOn(x, outer)), row);
  return data;
}

/** Σ over one axis of a·b. @throws RangeError R503 when one of them lacks the axis. */
export function dotDense(a: Dense, b: Dense, over: Axis): Dense {
  const n = sizeOn(a, over, 'dot');
  sizeOn(b, over, 'dot');
  const all = joined('dot', [a, b]);
  const axes = without(all.axes, over);
  const shape = axes.map((x) => all.shape[all.axes.indexOf(x)] ?? 0);
  const [da = 0] = stridesOn(a, [over]);
  const [db = 0] = stridesOn(b, [over]);
  const data = new Float64Array(sizeProduct(shape));
  let i = 0;
  walkShape(shape, [stridesOn(a, axes), stridesOn(b, axes)], (_, [ia = 0, ib = 0]) => {
    let total = 0;
    for (let k = 0; k < n; k++) total += (a.data[ia + k * da] ?? NaN) * (b.data[ib + k * db] ?? NaN);
    data[i++] = total;
  });
  return { dtype: 'f32', axes, shape, data };
}

const start: Readonly<Record<ReduceOp, number>> = { sum: 0, max: -Infinity, min: Infinity };
const join: Readonly<Record<ReduceOp, (a: number, b: number) => number>> = { sum: (a, b) => a + b, max: Math.max, min: Math.min };

/** `op` along one axis. @throws RangeError R503 when `x` lacks it. */
export function reduceDense(op: ReduceOp, x: Dense, axis: Axis): Dense {
  const n = sizeOn(x, axis, op);
  const axes = without(x.axes, axis);
  const shape = axes.map((a) => sizeOn(x, a));
  const [step = 0] = stridesOn(x, [axis]);
  const combine = join[op];
  const data = new Float64Array(sizeProduct(shape));
  let i = 0;
  walkShape(shape, [stridesOn(x, axes)], (_, [from = 0]) => {
    let total = start[op];
    for (let k = 0; k < n; k++) total = combine(total, x.data[from + k * step] ?? NaN);
    data[i++] = total;
  });
  return { dtype: x.dtype === 'i32' ? 'i32' : 'f32', axes, shape, data };
}

/** `x` as `dtype`: rounded in the rounded mode, else no more than {@link castExactly} says. */
export function castDense(dtype: DType, x: Dense): Dense {
  if (currentMode() === 'rounded') return roundedTo(x, dtype);
  const change = castExactly(dtype);
  return { ...x, dtype, ...(change && { data: x.data.map(change) }) };
}
