import { narrow, widen } from '../../codegen/commands/tensors.js';
import { type DType, dtypeBytes, roundTo } from '../../dsl/dtype.js';
import { array, type AnyTensor, type Axis, denseOf, type Kernel, transposed } from '../../dsl/index.js';
import type { KernelResult } from '../../dsl/results.js';
import type { ArgSpec, KernelEntry, Manifest } from '../../dsl/manifest.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { fusedBound, mismatches } from './tolerance.js';
import { uniform, values, type ValueOptions } from './values.js';

/** One call of a kernel as data: everything else follows from it. */
export interface Case {
  /** Length of every axis; of a ragged one, the lengths of its parts. */
  readonly sizes: Readonly<Record<Axis, number | readonly number[]>>;
  readonly seed: number;
  /** Dtype parameters of the kernel; those of its first variant unless said. */
  readonly dtypes?: Readonly<Record<string, DType>>;
  /** How inputs are drawn, by parameter name. */
  readonly values?: Readonly<Record<string, ValueOptions>>;
}

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

interface Call { readonly inputs: Readonly<Record<string, Float64Array>>; readonly dtypes: Readonly<Record<string, DType>>; readonly sizes: Readonly<Record<Axis, number>>; readonly offsets: Readonly<Record<Axis, readonly number[]>> }

function prepare(entry: KernelEntry, { sizes: given, seed, dtypes: chosen, values: how = {} }: Case): Call {
  const offsets = Object.fromEntries(Object.entries(given).flatMap(([axis, n]) => (typeof n === 'number' ? [] : [[axis, prefixSums(n)]])));
  const sizes = Object.fromEntries(Object.entries(given).flatMap(([axis, n]) => (typeof n === 'number' ? [[axis, n]] : [])));
  const dtypes = chosen ?? entry.variants[0]?.dtypes ?? {};
  const call = { dtypes, sizes, offsets };
  const inputs = Object.fromEntries(entry.params.map((p, i) => [p.name, values(seed + i * 7919, product(shapeOf(p.order, entry, call)), { min: -2, max: 2, dtype: dtypeOf(p, call), ...how[p.name] })]));
  return { ...call, inputs };
}

const prefixSums = (parts: readonly number[]): readonly number[] => parts.reduce<readonly number[]>((sums, n) => [...sums, (sums.at(-1) ?? 0) + n], [0]);
const product = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);

function dtypeOf(spec: ArgSpec, call: Pick<Call, 'dtypes'>): DType {
  const named = call.dtypes[spec.dtype];
  // What is no dtype parameter is a dtype: the manifest's contract.
  return named ?? (spec.dtype as DType);
}

/** Dimensions in memory: a ragged axis and the one it depends on are packed into one. */
function shapeOf(order: readonly Axis[], entry: KernelEntry, call: Pick<Call, 'sizes' | 'offsets'>): readonly number[] {
  return axesInMemory(order, entry).map((axis) => call.offsets[axis]?.at(-1) ?? call.sizes[axis] ?? fixedSize(entry, axis));
}

function axesInMemory(order: readonly Axis[], entry: KernelEntry): readonly Axis[] {
  return order.filter((axis, i) => {
    const next = entry.sizes[order[i + 1] ?? ''];
    return !(next?.kind === 'ragged' && next.by === axis);
  });
}

function fixedSize(entry: KernelEntry, axis: Axis): number {
  const rule = entry.sizes[axis];
  const size = rule?.kind === 'fixed' ? rule.sizes[0] : undefined;
  if (size === undefined) throw new Error(`agrees: the case gives no length for axis '${axis}'`);
  return size;
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
 * √n, the worst case like n), and 16 roundings at the scale of the largest number in sight.
 */
function agreementBounds(kernel: Kernel<never>, entry: KernelEntry, call: Call, exact: Results): Readonly<Record<string, number>> {
  const rounded = reference(kernel, entry, call, 'rounded');
  const whole = new Set(entry.params.flatMap((p) => (dtypeOf(p, call) === 'i32' ? [p.name] : [])));
  const moved = [1, 2, 3].map((draw) => reference(kernel, entry, { ...call, inputs: Object.fromEntries(Object.entries(call.inputs).map(([name, data]) => [name, whole.has(name) ? data : data.map((x, i) => x * (1 + 2 ** -24 * (2 * uniform(draw, i) - 1)))])) }, 'exact'));
  const largestInput = Math.max(1, ...Object.values(call.inputs).map(largest));
  return Object.fromEntries(entry.results.map((r) => {
    const own = exact[r.name] ?? new Float64Array();
    const summed = Math.max(1, ...entry.params.map((p) => product(shapeOf(p.order.filter((a) => !r.order.includes(a)), entry, call))));
    const shift = Math.max(...moved.map((m) => distance(m[r.name] ?? own, own)));
    const scale = Math.max(largestInput, largest(own));
    const dtype = dtypeOf(r, call);
    return [r.name, fusedBound(own, (rounded[r.name] ?? own).map(roundTo[dtype]), dtype) + 4 * Math.sqrt(summed) * shift + 16 * 2 ** -24 * scale];
  }));
}

const largest = (data: Float64Array): number => data.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0);
const distance = (a: Float64Array, b: Float64Array): number => a.reduce((m, x, i) => (Number.isFinite(x - (b[i] ?? Number.NaN)) ? Math.max(m, Math.abs(x - (b[i] ?? 0))) : m), 0);

async function onDevice(device: Device, name: string, entry: KernelEntry, call: Call): Promise<Results> {
  const owned: DeviceTensor[] = [];
  const own = (t: DeviceTensor): DeviceTensor => {
    owned.push(t);
    return t;
  };
  const written = (dtype: DType, shape: readonly number[], data: ArrayBufferView): DeviceTensor => {
    const t = own(device.alloc(dtype, shape));
    device.write(t, data);
    return t;
  };
  try {
    const args: Record<string, DeviceTensor | number> = {};
    for (const p of entry.params) {
      const data = call.inputs[p.name] ?? new Float64Array();
      args[p.name] = p.order.length === 0 ? data[0] ?? 0 : written(dtypeOf(p, call), shapeOf(p.order, entry, call), narrow(dtypeOf(p, call), data));
    }
    for (const [axis, sums] of Object.entries(call.offsets)) args[`offsets.${axis}`] = written('i32', [sums.length], Int32Array.from(sums));
    // NaN in every float dtype: what nobody writes must not look right because it once was.
    const results = Object.fromEntries(entry.results.map((r) => {
      const shape = shapeOf(r.order, entry, call);
      return [r.name, written(dtypeOf(r, call), shape, new Uint8Array(product(shape) * dtypeBytes[dtypeOf(r, call)]).fill(0xff))];
    }));
    device.launch(name, args, results, Object.fromEntries(Object.entries(call.sizes).filter(([axis]) => entry.sizes[axis]?.kind === 'dynamic')));
    const read = await Promise.all(Object.entries(results).map(async ([result, t]) => [result, widen(t.dtype, new Uint8Array((await device.read(t)).buffer))] as const));
    return Object.fromEntries(read);
  } finally {
    for (const t of owned) t[Symbol.dispose]();
  }
}
