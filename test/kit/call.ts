import { narrow, widen } from '../../codegen/commands/tensors.js';
import { type DType, dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../dsl/manifest.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { values, type ValueOptions } from './values.js';

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

/** A case with its inputs drawn. */
export interface Call { readonly inputs: Readonly<Record<string, Float64Array>>; readonly dtypes: Readonly<Record<string, DType>>; readonly sizes: Readonly<Record<Axis, number>>; readonly offsets: Readonly<Record<Axis, readonly number[]>> }

/** Draws the inputs of a case. */
export function prepare(entry: KernelEntry, { sizes: given, seed, dtypes: chosen, values: how = {} }: Case): Call {
  const offsets = Object.fromEntries(Object.entries(given).flatMap(([axis, n]) => (typeof n === 'number' ? [] : [[axis, prefixSums(n)]])));
  const sizes = Object.fromEntries(Object.entries(given).flatMap(([axis, n]) => (typeof n === 'number' ? [[axis, n]] : [])));
  const dtypes = chosen ?? entry.variants[0]?.dtypes ?? {};
  const call = { dtypes, sizes, offsets };
  const inputs = Object.fromEntries(entry.params.map((p, i) => [p.name, values(seed + i * 7919, product(shapeOf(p.order, entry, call)), { min: -2, max: 2, dtype: dtypeOf(p, call), ...how[p.name] })]));
  return { ...call, inputs };
}

const prefixSums = (parts: readonly number[]): readonly number[] => parts.reduce<readonly number[]>((sums, n) => [...sums, (sums.at(-1) ?? 0) + n], [0]);
/** How many elements a shape has. */
export const product = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);

/** The dtype of a parameter or result in a call. */
export function dtypeOf(spec: ArgSpec, call: Pick<Call, 'dtypes'>): DType {
  const named = call.dtypes[spec.dtype];
  // What is no dtype parameter is a dtype: the manifest's contract.
  return named ?? (spec.dtype as DType);
}

/** Dimensions in memory: a ragged axis and the one it depends on are packed into one. */
export function shapeOf(order: readonly Axis[], entry: KernelEntry, call: Pick<Call, 'sizes' | 'offsets'>): readonly number[] {
  return axesInMemory(order, entry).map((axis) => call.offsets[axis]?.at(-1) ?? call.sizes[axis] ?? fixedSize(entry, axis));
}

/** Axes by dimension in memory: a ragged axis stands for itself and for the one it depends on. */
export function axesInMemory(order: readonly Axis[], entry: KernelEntry): readonly Axis[] {
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

/** The results of a call on a device. Rejects with what the device has to say. */
export async function onDevice(device: Device, name: string, entry: KernelEntry, call: Call): Promise<Readonly<Record<string, Float64Array>>> {
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
    // A failed launch is this case's failure, not also the next one's.
    await device.sync();
    const read = await Promise.all(Object.entries(results).map(async ([result, t]) => [result, widen(t.dtype, new Uint8Array((await device.read(t)).buffer))] as const));
    return Object.fromEntries(read);
  } finally {
    for (const t of owned) t[Symbol.dispose]();
  }
}
