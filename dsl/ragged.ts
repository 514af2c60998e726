import { callError } from './context.js';
import { type Dense, sizeProduct } from './dense.js';
import type { Axis } from './expr.js';
import { eachResult, type KernelResult, resultsOf } from './results.js';

interface RaggedAxis { readonly axis: Axis; readonly by: Axis }
interface Rows extends RaggedAxis { readonly starts: readonly number[] }
/** One position of the `by` axis out of `count`, and how long the ragged axes are there. */
export interface Slice { readonly by: Axis; readonly position: number; readonly count: number; readonly lengths: Readonly<Record<Axis, number>> }

/**
 * Runs a kernel with ragged axes once per position of their `by` axis, on slices where that axis is 1 long, and stitches
 * the results. Packed tensors have the ragged axis alone where the pair (by, axis) stands in the parameter's order. Rows in
 * front of the first part and behind the last belong to none: inputs may have them, results have rows of parts alone.
 * @throws RangeError R510 when the offsets do not fit.
 */
export function raggedRun(
  ragged: readonly RaggedAxis[], inputs: readonly Dense[], offsets: Readonly<Record<Axis, readonly number[]>>, run: (xs: readonly Dense[], slice: Slice) => KernelResult,
): KernelResult {
  const rows = ragged.map((r) => ({ ...r, starts: startsOf(r.axis, offsets) }));
  const [first] = rows;
  if (!first) throw callError('R510', 'there is no ragged axis');
  const count = first.starts.length - 1;
  const other = rows.find((r) => r.starts.length !== count + 1 || r.by !== first.by);
  if (other) throw callError('R510', `options.offsets of '${other.axis}' and '${first.axis}' must describe the same positions of '${first.by}'`);
  for (const x of inputs) checkRows(x, rows, first.by, count);
  const parts = Array.from({ length: count }, (_, position) => {
    const lengths = Object.fromEntries(rows.map((r) => [r.axis, (r.starts[position + 1] ?? 0) - (r.starts[position] ?? 0)]));
    return run(inputs.map((x) => slice(x, position, first.by, rows)), { by: first.by, position, count, lengths });
  });
  return stitch(parts, first.by, rows.map((r) => r.axis));
}

function startsOf(axis: Axis, offsets: Readonly<Record<Axis, readonly number[]>>): readonly number[] {
  const starts = offsets[axis];
  if (!starts || starts.length < 2 || starts.some((s, i) => s < (starts[i - 1] ?? 0))) {
    throw callError('R510', `options.offsets needs rising row numbers from 0 for the ragged axis '${axis}', one more than '${axis}' has parts`);
  }
  return starts;
}

function checkRows(x: Dense, rows: readonly Rows[], by: Axis, count: number): void {
  const packed = rows.filter((r) => x.axes.includes(r.axis));
  const [r] = packed;
  if (packed.length > 1) throw callError('R510', `a tensor with axes [${x.axes.join(', ')}] has two ragged axes; only one can be packed`);
  if (r && x.axes.includes(by)) throw callError('R510', `a tensor with axes [${x.axes.join(', ')}] has '${by}' beside the packed axis '${r.axis}'; leave it out`);
  const [axis, expected] = r ? [r.axis, r.starts.at(-1) ?? 0] : [by, count];
  const size = x.shape[x.axes.indexOf(axis)];
  if (size !== undefined && (r ? size < expected : size !== expected)) throw callError('R510', `axis '${axis}' is ${size} long, options.offsets say ${expected}`);
}

/** Position `c` of `by`, with the rows of the ragged axis that belong to it behind a `by` axis of length 1. */
function slice(x: Dense, c: number, by: Axis, rows: readonly Rows[]): Dense {
  const packed = rows.find((r) => x.axes.includes(r.axis));
  if (!packed) return x.axes.includes(by) ? cut(x, by, c, c + 1) : x;
  const part = cut(x, packed.axis, packed.starts[c] ?? 0, packed.starts[c + 1] ?? 0);
  const i = x.axes.indexOf(packed.axis);
  return { ...part, axes: part.axes.toSpliced(i, 0, by), shape: part.shape.toSpliced(i, 0, 1) };
}

function cut(x: Dense, axis: Axis, from: number, to: number): Dense {
  const i = x.axes.indexOf(axis);
  const size = x.shape[i] ?? 0;
  const inner = sizeProduct(x.shape.slice(i + 1));
  const outer = sizeProduct(x.shape.slice(0, i));
  const data = new Float64Array(outer * (to - from) * inner);
  for (let o = 0; o < outer; o++) data.set(x.data.subarray((o * size + from) * inner, (o * size + to) * inner), o * (to - from) * inner);
  return { ...x, shape: x.shape.with(i, to - from), data };
}

function stitch(parts: readonly KernelResult[], by: Axis, ragged: readonly Axis[]): KernelResult {
  const [first] = parts;
  if (first === undefined) throw callError('R510', `ragged axes need at least one position of '${by}'`);
  const named = parts.map(resultsOf);
  return eachResult(first, (name) => joinedParts(name, named.flatMap((p) => p[name] ?? []), by, ragged));
}

/** Slices one behind the other: along the ragged axis (its `by` axis goes), else along `by`. */
function joinedParts(name: string, parts: readonly Dense[], by: Axis, ragged: readonly Axis[]): Dense {
  const [first] = parts;
  if (!first?.axes.includes(by)) throw callError('R510', `result ${name} lacks axis '${by}': it would differ from one position to the next`);
  const along = first.axes.find((a) => ragged.includes(a)) ?? by;
  const bare = along === by ? parts : parts.map((p) => ({ ...p, axes: p.axes.filter((a) => a !== by), shape: p.shape.toSpliced(p.axes.indexOf(by), 1) }));
  const axes = along === by ? first.axes : first.axes.filter((a) => a !== by);
  const i = axes.indexOf(along);
  const shape = bare[0]?.shape ?? [];
  const outer = sizeProduct(shape.slice(0, i));
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
  return { dtype: first.dtype, axes, shape: shape.with(i, bare.reduce((n, p) => n + (p.shape[i] ?? 0), 0)), data };
}
