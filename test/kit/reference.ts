import { roundTo } from '../../dsl/dtype.js';
import { type AnyTensor, array, denseOf, transposed } from '../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../dsl/manifest.js';
import type { KernelResult } from '../../dsl/results.js';
import { axesInMemory, type Call, dtypeOf, product, shapeOf } from './call.js';
import type { TestedKernel } from './subject.js';
import { fusedBound } from './tolerance.js';
import { uniform } from './values.js';

/** The results of a call by name, in memory order; of packed rows those of parts. */
export type Results = Readonly<Record<string, Float64Array>>;

/** The kernel's own code on a call: in float64 (`exact`), or with every intermediate rounded as its dtypes say. */
export function reference(kernel: TestedKernel, entry: KernelEntry, call: Call, mode: 'exact' | 'rounded'): Results {
  const inputs = Object.fromEntries(entry.params.map((p) => [p.name, array(call.inputs[p.name] ?? [], { axes: axesInMemory(p.order, entry), shape: shapeOf(p.order, entry, call), dtype: dtypeOf(p, call) })]));
  // The reference learns how many parts there are from their offsets.
  const counted = Object.values(entry.sizes).flatMap((rule) => (rule.kind === 'ragged' ? [rule.by] : []));
  const stated = Object.fromEntries(Object.entries(call.sizes).filter(([axis]) => !counted.includes(axis)));
  const made: KernelResult = kernel.reference(inputs, { mode, sizes: stated, offsets: call.offsets });
  const named: Readonly<Record<string, AnyTensor>> = isTensor(made) ? { out: made } : made;
  return Object.fromEntries(entry.results.map((r) => {
    const result = named[r.name];
    if (result === undefined) throw new Error(`kernel '${kernel.kernelName}' returns no '${r.name}'`);
    return [r.name, denseOf(transposed(result, axesInMemory(r.order, entry))).data];
  }));
}

const isTensor = (x: KernelResult): x is AnyTensor => typeof x.dtype === 'string';

/** An allowed distance for each result. */
export type Bounds = Readonly<Record<string, number>>;

/**
 * How far rounding may carry each result: the main rule of fused kernels, and for arithmetic in f32 what the exact
 * reference does under relative changes of 2⁻²⁴ to its inputs, times 4·√n for n summed terms (n random roundings grow like
 * √n, the worst case like n), and 16 roundings at the scale of a sum of n of the largest numbers in sight: what cancels in
 * the result may have been as large on the way.
 */
export function agreementBounds(kernel: TestedKernel, entry: KernelEntry, call: Call, exact: Results): Bounds {
  const rounded = reference(kernel, entry, call, 'rounded');
  const arithmetic = arithmeticBound(kernel, entry, call, exact);
  return Object.fromEntries(entry.results.map((r) => {
    const own = exact[r.name] ?? new Float64Array();
    const dtype = dtypeOf(r, call);
    return [r.name, fusedBound(own, (rounded[r.name] ?? own).map(roundTo[dtype]), dtype) + arithmetic(r, 2 ** -24)];
  }));
}

/** Likewise for the reference itself under another order of its sums: roundings of float64 alone. */
export function referenceBounds(kernel: TestedKernel, entry: KernelEntry, call: Call, exact: Results): Bounds {
  const arithmetic = arithmeticBound(kernel, entry, call, exact);
  return Object.fromEntries(entry.results.map((r) => [r.name, arithmetic(r, 2 ** -53)]));
}

/** What arithmetic of a relative error does to a result. Inputs are moved by 2⁻²⁴ whatever the error: what follows from it is proportional. */
function arithmeticBound(kernel: TestedKernel, entry: KernelEntry, call: Call, exact: Results): (r: ArgSpec, unit: number) => number {
  const moved = [1, 2, 3].map((draw) => reference(kernel, entry, { ...call, inputs: nearby(entry, call, draw) }, 'exact'));
  const largestInput = Math.max(1, ...Object.values(call.inputs).map(largest));
  return (r, unit) => {
    const own = exact[r.name] ?? new Float64Array();
    const summed = Math.max(1, ...entry.params.map((p) => product(shapeOf(p.order.filter((a) => !r.order.includes(a)), entry, call))));
    const shift = Math.max(...moved.map((m) => distance(m[r.name] ?? own, own)));
    const scale = Math.max(largestInput, largest(own));
    return (unit / 2 ** -24) * 4 * Math.sqrt(summed) * shift + 16 * unit * Math.sqrt(summed) * scale;
  };
}

/** The inputs with every number that may have been rounded changed by up to 2⁻²⁴ of itself. */
const nearby = (entry: KernelEntry, call: Call, draw: number): Call['inputs'] => Object.fromEntries(entry.params.map((p) => {
  const data = call.inputs[p.name] ?? new Float64Array();
  return [p.name, dtypeOf(p, call) === 'i32' ? data : data.map((x, i) => x * (1 + 2 ** -24 * (2 * uniform(draw, i) - 1)))];
}));

const largest = (data: Float64Array): number => data.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0);
const distance = (a: Float64Array, b: Float64Array): number => a.reduce((m, x, i) => (Number.isFinite(x - (b[i] ?? Number.NaN)) ? Math.max(m, Math.abs(x - (b[i] ?? 0))) : m), 0);
