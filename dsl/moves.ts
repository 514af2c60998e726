import { callError } from './context.js';
import { type Dense, inOrder, sizeOn, sizeProduct, stridesOn, walkShape } from './dense.js';
import type { Axis } from './expr.js';
import { joined, without } from './interpret.js';

// The meaning of the primitives that move elements or choose them, on dense arrays.

/** `x` at the positions in `index`, `outside` elsewhere. @throws RangeError R503 when `x` lacks the axis, R508 when `index` is not i32. */
export function gatherDense(x: Dense, over: Axis, index: Dense, outside: number): Dense {
  if (index.dtype !== 'i32') throw callError('R508', `gather over '${over}': the index is ${index.dtype}, it must be i32`);
  const n = sizeOn(x, over, 'gather');
  const rest = without(x.axes, over);
  const all = joined('gather', [{ ...x, axes: rest, shape: rest.map((a) => sizeOn(x, a)) }, index]);
  const [step = 0] = stridesOn(x, [over]);
  // The index may have an axis of the same name as the one it looks along; that one comes from the index alone.
  const strides = stridesOn(x, all.axes).map((s, i) => (all.axes[i] === over ? 0 : s));
  const data = new Float64Array(sizeProduct(all.shape));
  let i = 0;
  walkShape(all.shape, [strides, stridesOn(index, all.axes)], (_, [from = 0, at = 0]) => {
    const k = index.data[at] ?? NaN;
    data[i++] = k >= 0 && k < n ? (x.data[from + k * step] ?? NaN) : outside;
  });
  return { dtype: x.dtype, axes: all.axes, shape: all.shape, data };
}

/** Larger first; NaN after everything; ties to the lower index. */
const descending = (at: (i: number) => number) => (i: number, j: number): number => {
  const [a, b] = [at(i), at(j)];
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j;
  return a === b ? i - j : a > b ? -1 : 1;
};

/** Positions of the `count` largest, ascending. @throws RangeError R503 when `x` lacks the axis, R508 for a count that is none or an axis in use. */
export function topkDense(x: Dense, over: Axis, count: number, as: Axis): Dense {
  const n = sizeOn(x, over, 'topk');
  if (!Number.isInteger(count) || count < 0) throw callError('R508', `topk over '${over}': the count is ${count}, it must be a whole number from 0`);
  const rows = without(x.axes, over);
  if (rows.includes(as)) throw callError('R508', `topk over '${over}': operand already has axis '${as}'`);
  const shape = rows.map((a) => sizeOn(x, a));
  const [step = 0] = stridesOn(x, [over]);
  const data = new Float64Array(sizeProduct(shape) * count).fill(-1);
  let row = 0;
  walkShape(shape, [stridesOn(x, rows)], (_, [from = 0]) => {
    const at = (i: number): number => x.data[from + i * step] ?? NaN;
    const chosen = Array.from({ length: n }, (_, i) => i).sort(descending(at)).slice(0, count).sort((a, b) => a - b);
    for (const [i, k] of chosen.entries()) data[row * count + i] = k;
    row++;
  });
  return { dtype: 'i32', axes: [...rows, as], shape: [...shape, count], data };
}

/** `fresh` must not be among the axes that stay. */
function needsFresh(op: string, x: Dense, gone: readonly Axis[], fresh: readonly Axis[]): void {
  for (const a of gone) sizeOn(x, a, op);
  const taken = fresh.find((a, i) => (x.axes.includes(a) && !gone.includes(a)) || fresh.indexOf(a) !== i);
  if (taken !== undefined) throw callError('R508', `${op}: operand already has axis '${taken}'`);
}

/** @throws RangeError R503 when `x` lacks the axis, R508 when the new name is in use. */
export function renameDense(x: Dense, from: Axis, to: Axis): Dense {
  needsFresh('rename', x, [from], [to]);
  return { ...x, axes: x.axes.map((a) => (a === from ? to : a)) };
}

/** One axis as two. @throws RangeError R503 when `x` lacks the axis, R508 when a new name is in use or the length is no multiple. */
export function splitDense(x: Dense, from: Axis, outer: Axis, inner: Axis, size: number): Dense {
  needsFresh('split', x, [from], [outer, inner]);
  const n = sizeOn(x, from);
  if (!(Number.isInteger(size) && size > 0 && n % size === 0)) throw callError('R508', `split over '${from}': length ${n} is no multiple of ${size}`);
  return {
    ...x,
    axes: x.axes.flatMap((a) => (a === from ? [outer, inner] : [a])),
    shape: x.axes.flatMap((a, i) => (a === from ? [n / size, size] : [x.shape[i] ?? 0])),
  };
}

/** The merged axis stands where the outer one stood; `inner` runs fastest. */
export function mergeDense(x: Dense, outer: Axis, inner: Axis, to: Axis): Dense {
  needsFresh('merge', x, [outer, inner], [to]);
  const kept = without(x.axes, inner);
  const together = inOrder(x, kept.flatMap((a) => (a === outer ? [outer, inner] : [a])));
  return {
    ...together,
    axes: kept.map((a) => (a === outer ? to : a)),
    shape: kept.map((a) => (a === outer ? sizeOn(x, outer) * sizeOn(x, inner) : sizeOn(x, a))),
  };
}
