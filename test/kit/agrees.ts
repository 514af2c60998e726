import { roundTo } from '../../dsl/dtype.js';
import { array, type AnyTensor, denseOf, type Kernel, transposed } from '../../dsl/index.js';
import type { KernelResult } from '../../dsl/results.js';
import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { axesInMemory, type Call, type Case, dtypeOf, onDevice, prepare, product, shapeOf } from './call.js';
import { fusedBound, mismatches } from './tolerance.js';
import { uniform } from './values.js';

export interface AgreeOptions extends Case {
  /** Must have been opened with `manifest`. */
  readonly devices: readonly Device[];
  readonly manifest: Manifest;
}

/**
 * Runs one case as the kernel's own float64 reference and on every device, and throws where a device's result is further
 * away than rounding explains, or has a NaN or an infinity where the reference has none. The error names device, result,
 * element and case. The bound is {@link agreementBound}.
 */
export async function agrees(kernel: Kernel<never>, options: AgreeOptions): Promise<void> {
  const entry = options.manifest.kernels[kernel.kernelName];
  if (entry === undefined) throw new Error(`agrees: the manifest has no kernel '${kernel.kernelName}'`);
  const call = prepare(entry, options);
  const exact = reference(kernel, entry, call, 'exact');
  const bounds = agreementBounds(kernel, entry, call, exact);
  for (const device of options.devices) {
    const got = await onDevice(device, kernel.kernelName, entry, call);
    for (const r of entry.results) {
      const found = mismatches(got[r.name] ?? [], exact[r.name] ?? [], bounds[r.name] ?? 0);
      const [first] = found;
      if (first !== undefined) {
        const { sizes, seed } = options;
        throw new Error(`${kernel.kernelName} on ${device.kind}: ${found.length} elements of '${r.name}' differ, first [${first.index}]: ${first.actual}, reference ${first.expected} ± ${first.bound}; case ${JSON.stringify({ sizes, seed, dtypes: call.dtypes })}`);
      }
    }
  }
}

type Results = Readonly<Record<string, Float64Array>>;

function reference(kernel: Kernel<never>, entry: KernelEntry, call: Call, mode: 'exact' | 'rounded'): Results {
  const inputs = Object.fromEntries(entry.params.map((p) => [p.name, array(call.inputs[p.name] ?? [], { axes: axesInMemory(p.order, entry), shape: shapeOf(p.order, entry, call), dtype: dtypeOf(p, call) })]));
  // The reference learns how many parts there are from their offsets.
  const counted = Object.values(entry.sizes).flatMap((rule) => (rule.kind === 'ragged' ? [rule.by] : []));
  const stated = Object.fromEntries(Object.entries(call.sizes).filter(([axis]) => !counted.includes(axis)));
  const made: KernelResult = kernel.reference(inputs, { mode, sizes: stated, offsets: call.offsets });
  const named: Readonly<Record<string, AnyTensor>> = isTensor(made) ? { out: made } : made;
  return Object.fromEntries(entry.results.map((r) => {
    const result = named[r.name];
    if (result === undefined) throw new Error(`agrees: the reference has no result '${r.name}'`);
    return [r.name, denseOf(transposed(result, axesInMemory(r.order, entry))).data];
  }));
}

const isTensor = (x: KernelResult): x is AnyTensor => typeof x.dtype === 'string';

/**
 * How far rounding may carry each result: the main rule of fused kernels, and for arithmetic in f32 what the exact
 * reference does under relative changes of 2⁻²⁴ to its inputs, times 4·√n for n summed terms (n random roundings grow like
 * √n, the worst case like n), and 16 roundings at the scale of a sum of n of the largest numbers in sight: what cancels in
 * the result may have been as large on the way.
 */
function agreementBounds(kernel: Kernel<never>, entry: KernelEntry, call: Call, exact: Results): Readonly<Record<string, number>> {
  const rounded = reference(kernel, entry, call, 'rounded');
  const moved = [1, 2, 3].map((draw) => reference(kernel, entry, { ...call, inputs: nearby(entry, call, draw) }, 'exact'));
  const largestInput = Math.max(1, ...Object.values(call.inputs).map(largest));
  return Object.fromEntries(entry.results.map((r) => {
    const own = exact[r.name] ?? new Float64Array();
    const summed = Math.max(1, ...entry.params.map((p) => product(shapeOf(p.order.filter((a) => !r.order.includes(a)), entry, call))));
    const shift = Math.max(...moved.map((m) => distance(m[r.name] ?? own, own)));
    const scale = Math.max(largestInput, largest(own));
    const dtype = dtypeOf(r, call);
    return [r.name, fusedBound(own, (rounded[r.name] ?? own).map(roundTo[dtype]), dtype) + 4 * Math.sqrt(summed) * shift + 16 * 2 ** -24 * Math.sqrt(summed) * scale];
  }));
}

/** The inputs with every number that may have been rounded changed by up to 2⁻²⁴ of itself. */
const nearby = (entry: KernelEntry, call: Call, draw: number): Call['inputs'] => Object.fromEntries(entry.params.map((p) => {
  const data = call.inputs[p.name] ?? new Float64Array();
  return [p.name, dtypeOf(p, call) === 'i32' ? data : data.map((x, i) => x * (1 + 2 ** -24 * (2 * uniform(draw, i) - 1)))];
}));

const largest = (data: Float64Array): number => data.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0);
const distance = (a: Float64Array, b: Float64Array): number => a.reduce((m, x, i) => (Number.isFinite(x - (b[i] ?? Number.NaN)) ? Math.max(m, Math.abs(x - (b[i] ?? 0))) : m), 0);
