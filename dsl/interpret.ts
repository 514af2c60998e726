import { currentMode } from './context.js';
import { dense, roundedTo, sizeOn, stridesOn, walkShape, type Dense } from './dense.js';
import type { DType } from './dtype.js';
import type { Axis, ReduceOp } from './expr.js';

// The meaning of every primitive, in float64, on dense arrays. Sums run in index order, so that another reading of the
// same source can agree bit for bit.

/** Axes of all operands in order of first appearance, with their lengths. @throws RangeError where lengths differ. */
function joined(op: string, operands: readonly Dense[]): { readonly axes: readonly Axis[]; readonly shape: readonly number[] } {
  const sizes = new Map<Axis, number>();
  for (const x of operands) {
    for (const [i, a] of x.axes.entries()) {
      const size = x.shape[i] ?? 0;
      const known = sizes.get(a);
      if (known !== undefined && known !== size) throw new RangeError(`${op}: axis '${a}' is ${known} long in one operand and ${size} in another`);
      sizes.set(a, size);
    }
  }
  return { axes: [...sizes.keys()], shape: [...sizes.values()] };
}

const without = (axes: readonly Axis[], gone: Axis): readonly Axis[] => axes.filter((a) => a !== gone);

export function mapDense(args: readonly Dense[], f: (...xs: never[]) => number): Dense {
  const { axes, shape } = joined('map', args);
  const call = f as unknown as (...xs: unknown[]) => number;
  const at: Record<Axis, number> = {};
  const data = new Float64Array(shape.reduce((n, s) => n * s, 1));
  const operands: unknown[] = [...args.map(() => 0), at];
  let i = 0;
  walkShape(shape, args.map((x) => stridesOn(x, axes)), (index, from) => {
    for (let n = 0; n < args.length; n++) operands[n] = args[n]?.data[from[n] ?? 0];
    for (let k = 0; k < axes.length; k++) at[axes[k] ?? ''] = index[k] ?? 0;
    data[i++] = call(...operands);
  });
  return dense('f32', axes, shape, data);
}

export function tabulateDense(axes: readonly Axis[], shape: readonly number[], f: (at: never) => number): Dense {
  const call = f as unknown as (at: Readonly<Record<Axis, number>>) => number;
  const at: Record<Axis, number> = {};
  const data = new Float64Array(shape.reduce((n, s) => n * s, 1));
  let i = 0;
  walkShape(shape, [], (index) => {
    for (let k = 0; k < axes.length; k++) at[axes[k] ?? ''] = index[k] ?? 0;
    data[i++] = call(at);
  });
  return dense('i32', axes, shape, data);
}

export function dotDense(a: Dense, b: Dense, over: Axis): Dense {
  const all = joined('dot', [a, b]);
  const axes = without(all.axes, over);
  const shape = axes.map((x) => all.shape[all.axes.indexOf(x)] ?? 0);
  const n = sizeOn(a, over);
  const [da = 0] = stridesOn(a, [over]);
  const [db = 0] = stridesOn(b, [over]);
  const data = new Float64Array(shape.reduce((m, s) => m * s, 1));
  let i = 0;
  walkShape(shape, [stridesOn(a, axes), stridesOn(b, axes)], (_, [ia = 0, ib = 0]) => {
    let total = 0;
    for (let k = 0; k < n; k++) total += (a.data[ia + k * da] ?? NaN) * (b.data[ib + k * db] ?? NaN);
    data[i++] = total;
  });
  return dense('f32', axes, shape, data);
}

const start: Readonly<Record<ReduceOp, number>> = { sum: 0, max: -Infinity, min: Infinity };
const join: Readonly<Record<ReduceOp, (a: number, b: number) => number>> = { sum: (a, b) => a + b, max: Math.max, min: Math.min };

export function reduceDense(op: ReduceOp, x: Dense, axis: Axis): Dense {
  const axes = without(x.axes, axis);
  const shape = axes.map((a) => sizeOn(x, a));
  const n = sizeOn(x, axis);
  const [step = 0] = stridesOn(x, [axis]);
  const data = new Float64Array(shape.reduce((m, s) => m * s, 1));
  let i = 0;
  walkShape(shape, [stridesOn(x, axes)], (_, [from = 0]) => {
    let total = start[op];
    for (let k = 0; k < n; k++) total = join[op](total, x.data[from + k * step] ?? NaN);
    data[i++] = total;
  });
  return dense(x.dtype === 'i32' ? 'i32' : 'f32', axes, shape, data);
}

export function gatherDense(x: Dense, over: Axis, index: Dense, outside: number): Dense {
  const rest = without(x.axes, over);
  const all = joined('gather', [{ ...x, axes: rest, shape: rest.map((a) => sizeOn(x, a)) }, index]);
  const n = sizeOn(x, over);
  const [step = 0] = stridesOn(x, [over]);
  const fromStrides = all.axes.map((a) => (a === over ? 0 : (stridesOn(x, [a])[0] ?? 0)));
  const data = new Float64Array(all.shape.reduce((m, s) => m * s, 1));
  let i = 0;
  walkShape(all.shape, [fromStrides, stridesOn(index, all.axes)], (_, [from = 0, at = 0]) => {
    const k = index.data[at] ?? NaN;
    data[i++] = k >= 0 && k < n ? (x.data[from + k * step] ?? NaN) : outside;
  });
  return dense(x.dtype, all.axes, all.shape, data);
}

/** Larger first; NaN after everything; ties to the lower index. */
const descending = (at: (i: number) => number) => (i: number, j: number): number => {
  const [a, b] = [at(i), at(j)];
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j;
  return a === b ? i - j : a > b ? -1 : 1;
};

export function topkDense(x: Dense, over: Axis, count: number, as: Axis): Dense {
  const n = sizeOn(x, over);
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`topk over '${over}': the count is ${count}, it must be a whole number from 0`);
  const rows = without(x.axes, over);
  const shape = rows.map((a) => sizeOn(x, a));
  const [step = 0] = stridesOn(x, [over]);
  const data = new Float64Array(shape.reduce((m, s) => m * s, 1) * count).fill(-1);
  let row = 0;
  walkShape(shape, [stridesOn(x, rows)], (_, [from = 0]) => {
    const at = (i: number): number => x.data[from + i * step] ?? NaN;
    const chosen = Array.from({ length: n }, (_, i) => i).sort(descending(at)).slice(0, count).sort((a, b) => a - b);
    for (const [i, k] of chosen.entries()) data[row * count + i] = k;
    row++;
  });
  return dense('i32', [...rows, as], [...shape, count], data);
}

export const renameDense = (x: Dense, from: Axis, to: Axis): Dense => {
  if (x.axes.includes(to)) throw new RangeError(`rename: axis '${to}' is there already`);
  return { ...x, axes: x.axes.map((a) => (a === from ? to : a)) };
};

export function splitDense(x: Dense, from: Axis, outer: Axis, inner: Axis, size: number): Dense {
  const n = sizeOn(x, from);
  if (n % size !== 0) throw new RangeError(`split: axis '${from}' is ${n} long, no multiple of ${size}`);
  return {
    ...x,
    axes: x.axes.flatMap((a) => (a === from ? [outer, inner] : [a])),
    shape: x.axes.flatMap((a, i) => (a === from ? [n / size, size] : [x.shape[i] ?? 0])),
  };
}

/** The merged axis stands where the outer one stood; `inner` runs fastest. */
export function mergeDense(x: Dense, outer: Axis, inner: Axis, to: Axis): Dense {
  const kept = without(x.axes, inner);
  const order = kept.flatMap((a) => (a === outer ? [outer, inner] : [a]));
  const shape = order.map((a) => sizeOn(x, a));
  const data = new Float64Array(x.data.length);
  let i = 0;
  walkShape(shape, [stridesOn(x, order)], (_, [from = 0]) => { data[i++] = x.data[from] ?? NaN; });
  return dense(x.dtype, kept.map((a) => (a === outer ? to : a)), kept.map((a) => (a === outer ? sizeOn(x, outer) * sizeOn(x, inner) : sizeOn(x, a))), data);
}

export const castDense = (dtype: DType, x: Dense): Dense => (dtype === 'i32' || currentMode() === 'rounded' ? roundedTo(x, dtype) : { ...x, dtype });
