import { dense, sizeProduct, type Dense } from './dense.js';
import type { Axis } from './expr.js';
import { denseOf, type AnyTensor } from './tensor.js';

interface RaggedAxis { readonly axis: Axis; readonly by: Axis }
type Result = AnyTensor | Readonly<Record<string, AnyTensor>>;

/**
 * Runs a kernel with ragged axes once per position of their `by` axis, on slices where that axis is 1 long, and stitches
 * the results. Packed inputs have the ragged axis alone where the pair (by, axis) stands in the parameter's order.
 */
export function raggedRun<R extends Result>(
  kernelName: string, ragged: readonly RaggedAxis[], inputs: readonly Dense[], offsets: Readonly<Record<Axis, readonly number[]>>, run: (xs: readonly Dense[]) => R,
): R {
  const rows = ragged.map((r) => ({ ...r, starts: startsOf(kernelName, r.axis, offsets) }));
  const [first] = rows;
  if (!first) throw new RangeError(`kernel ${kernelName}: no ragged axis`);
  const count = first.starts.length - 1;
  const other = rows.find((r) => r.starts.length !== count + 1 || r.by !== first.by);
  if (other) throw new RangeError(`kernel ${kernelName}: offsets of '${other.axis}' and '${first.axis}' must describe the same positions of '${first.by}'`);
  const parts = Array.from({ length: count }, (_, c) => run(inputs.map((x) => slice(x, c, first.by, rows))));
  return stitch(parts, first.by, rows.map((r) => r.axis));
}

function startsOf(kernelName: string, axis: Axis, offsets: Readonly<Record<Axis, readonly number[]>>): readonly number[] {
  const starts = offsets[axis];
  if (!starts || starts[0] !== 0 || starts.some((s, i) => i > 0 && s < (starts[i - 1] ?? 0))) {
    throw new RangeError(`kernel ${kernelName}: options.offsets needs rising row offsets from 0 for the ragged axis '${axis}'`);
  }
  return starts;
}

/** Position `c` of `by`, with the rows of every ragged axis that belong to it. */
function slice(x: Dense, c: number, by: Axis, rows: readonly (RaggedAxis & { readonly starts: readonly number[] })[]): Dense {
  const packed = rows.find((r) => x.axes.includes(r.axis));
  if (packed) return withBy(cut(x, packed.axis, packed.starts[c] ?? 0, packed.starts[c + 1] ?? 0), packed.axis, by);
  return x.axes.includes(by) ? cut(x, by, c, c + 1) : x;
}

/** A `by` axis of length 1 in front of the ragged one, unless it is there. */
function withBy(x: Dense, axis: Axis, by: Axis): Dense {
  if (x.axes.includes(by)) return cut(x, by, 0, 1);
  const i = x.axes.indexOf(axis);
  return { ...x, axes: x.axes.toSpliced(i, 0, by), shape: x.shape.toSpliced(i, 0, 1) };
}

function cut(x: Dense, axis: Axis, from: number, to: number): Dense {
  const i = x.axes.indexOf(axis);
  const size = x.shape[i] ?? 0;
  if (to > size) throw new RangeError(`offsets end at row ${to}, but axis '${axis}' has ${size}`);
  const inner = sizeProduct(x.shape.slice(i + 1));
  const outer = sizeProduct(x.shape.slice(0, i));
  const data = new Float64Array(outer * (to - from) * inner);
  for (let o = 0; o < outer; o++) data.set(x.data.subarray((o * size + from) * inner, (o * size + to) * inner), o * (to - from) * inner);
  return dense(x.dtype, x.axes, x.shape.with(i, to - from), data);
}

function stitch<R extends Result>(parts: readonly R[], by: Axis, ragged: readonly Axis[]): R {
  const [first] = parts;
  if (first === undefined) throw new RangeError(`ragged axes need at least one position of '${by}'`);
  if (isTensor(first)) return join(parts.map((p) => denseOf(p as AnyTensor)), by, ragged) as unknown as R;
  const records = parts as readonly Readonly<Record<string, AnyTensor>>[];
  return Object.fromEntries(Object.keys(first).map((name) => [name, join(records.map((r) => denseOf(known(r[name], name))), by, ragged)])) as unknown as R;
}
const isTensor = (x: Result): x is AnyTensor => 'data' in x && x.data instanceof Float64Array;
function known<T>(x: T | undefined, name: string): T {
  if (x === undefined) throw new RangeError(`result '${name}' is missing at some positions`);
  return x;
}

/** Slices one behind the other: along the ragged axis (its `by` axis goes), else along `by`. */
function join(parts: readonly Dense[], by: Axis, ragged: readonly Axis[]): Dense {
  const [first] = parts;
  if (!first) throw new RangeError('nothing to join');
  const along = first.axes.find((a) => ragged.includes(a)) ?? by;
  const bare = along === by ? parts : parts.map((p) => { const i = p.axes.indexOf(by); return { ...p, axes: p.axes.toSpliced(i, 1), shape: p.shape.toSpliced(i, 1) }; });
  const axes = bare[0]?.axes ?? [];
  const i = axes.indexOf(along);
  const outer = sizeProduct((bare[0]?.shape ?? []).slice(0, i));
  const rowSizes = bare.map((p) => sizeProduct(p.shape.slice(i)));
  const total = rowSizes.reduce((a, b) => a + b, 0);
  const data = new Float64Array(outer * total);
  for (let o = 0; o < outer; o++) {
    let at = o * total;
    for (const [n, p] of bare.entries()) {
      const size = rowSizes[n] ?? 0;
      data.set(p.data.subarray(o * size, (o + 1) * size), at);
      at += size;
    }
  }
  const length = bare.reduce((n, p) => n + (p.shape[i] ?? 0), 0);
  return dense(first.dtype, axes, (bare[0]?.shape ?? []).with(i, length), data);
}
