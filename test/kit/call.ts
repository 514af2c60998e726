import { narrow, widen } from '../../codegen/commands/tensors.js';
import { type DType, dtypeBytes, roundTo } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../dsl/manifest.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { values, type ValueOptions } from './values.js';

/** One call of a kernel as data: everything else follows from it. */
export interface Case {
  /** Length of every axis; of a ragged one, the lengths of its parts, which show the axis it depends on. */
  readonly sizes: Readonly<Record<Axis, number | readonly number[]>>;
  readonly seed: number;
  /** Rows in front of the first part and behind the last, where the kernel's tensors may have such; none unless said. */
  readonly outside?: readonly [before: number, behind: number];
  /** Dtype parameters of the kernel; those of its first variant unless said. */
  readonly dtypes?: Readonly<Record<string, DType>>;
  /** How inputs are drawn, by parameter name. */
  readonly values?: Readonly<Record<string, ValueOptions>>;
  /** Inputs that are not drawn, by parameter name. They are rounded to the parameter's dtype. */
  readonly inputs?: Readonly<Record<string, Given>>;
}

/** An input as it is: a number for a scalar or for every element, an array in memory order, or a function of positions by axis. */
export type Given = number | ArrayLike<number> | ((at: Readonly<Record<Axis, number>>) => number);

/** A case with its inputs drawn. `rows`: of each ragged axis as many as its tensors have, `offsets` says which belong to parts. */
export interface Call {
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly dtypes: Readonly<Record<string, DType>>;
  readonly sizes: Readonly<Record<Axis, number>>;
  readonly offsets: Readonly<Record<Axis, readonly number[]>>;
  readonly rows: Readonly<Record<Axis, number>>;
}

/** Draws the inputs of a case. */
export function prepare(entry: KernelEntry, { sizes: given, seed, dtypes: chosen, values: how = {}, inputs: stated = {}, outside = [0, 0] }: Case): Call {
  const packed = Object.entries(given).flatMap(([axis, n]) => (typeof n === 'number' ? [] : [{ axis, sums: prefixSums(n), outside: leavesOut(entry, axis) ? outside : [0, 0] as const }]));
  const offsets = Object.fromEntries(packed.map(({ axis, sums, outside: [before] }) => [axis, sums.map((n) => n + before)]));
  const rows = Object.fromEntries(packed.map(({ axis, sums, outside: [before, behind] }) => [axis, before + (sums.at(-1) ?? 0) + behind]));
  const counted = packed.flatMap(({ axis, sums }) => { const rule = entry.sizes[axis]; return rule?.kind === 'ragged' ? [[rule.by, sums.length - 1] as const] : []; });
  const sizes = Object.fromEntries([...Object.entries(given).flatMap(([axis, n]) => (typeof n === 'number' ? [[axis, n] as const] : [])), ...counted]);
  const dtypes = chosen ?? entry.variants[0]?.dtypes ?? {};
  const call = { dtypes, sizes, offsets, rows };
  const inputs = Object.fromEntries(entry.params.map((p, i) => {
    const shape = shapeOf(p.order, entry, call);
    const dtype = dtypeOf(p, call);
    const own = stated[p.name];
    return [p.name, own === undefined ? values(seed + i * 7919, product(shape), { min: -2, max: 2, dtype, ...how[p.name] }) : filled(own, axesInMemory(p.order, entry), shape, p.name).map(roundTo[dtype])];
  }));
  return { ...call, inputs };
}

function filled(own: Given, axes: readonly Axis[], shape: readonly number[], name: string): Float64Array {
  const count = product(shape);
  if (typeof own === 'number') return new Float64Array(count).fill(own);
  if (typeof own === 'function') return Float64Array.from({ length: count }, (_, i) => own(positionsOf(i, axes, shape)));
  if (own.length !== count) throw new Error(`input '${name}' has ${own.length} numbers, [${shape.join(', ')}] takes ${count}`);
  return Float64Array.from(own);
}

/** Where element `i` of a row-major array stands on each axis. */
export function positionsOf(i: number, axes: readonly Axis[], shape: readonly number[]): Readonly<Record<Axis, number>> {
  let rest = i;
  return Object.fromEntries(axes.map((axis, dim) => {
    const inner = product(shape.slice(dim + 1));
    const at = Math.floor(rest / inner);
    rest -= at * inner;
    return [axis, at];
  }));
}

const prefixSums = (parts: readonly number[]): readonly number[] => parts.reduce<readonly number[]>((sums, n) => [...sums, (sums.at(-1) ?? 0) + n], [0]);
/** Whether rows of a ragged axis may belong to no part: they are outermost in every tensor. */
const leavesOut = (entry: KernelEntry, axis: Axis): boolean => [...entry.params, ...entry.results].every((p) => axesInMemory(p.order, entry).indexOf(axis) <= 0);
/** How many elements a shape has. */
export const product = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);

/** The dtype of a parameter or result in a call. */
export function dtypeOf(spec: ArgSpec, call: Pick<Call, 'dtypes'>): DType {
  const named = call.dtypes[spec.dtype];
  // What is no dtype parameter is a dtype: the manifest's contract.
  return named ?? (spec.dtype as DType);
}

/** Dimensions in memory: a ragged axis and the one it depends on are packed into one. */
export function shapeOf(order: readonly Axis[], entry: KernelEntry, call: Pick<Call, 'sizes' | 'rows'>): readonly number[] {
  return axesInMemory(order, entry).map((axis) => call.rows[axis] ?? call.sizes[axis] ?? fixedSize(entry, axis));
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
  if (size === undefined) throw new Error(`the case gives no length for axis '${axis}'`);
  return size;
}

/** The results of a call on a device, of packed rows those of parts. Rejects with what the device has to say, and where a row of no part was written. */
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
    return Object.fromEntries(await Promise.all(entry.results.map(async (r) => {
      const t = results[r.name];
      if (t === undefined) throw new Error(`agrees: '${r.name}' has no tensor`);
      const bytes = new Uint8Array((await device.read(t)).buffer);
      const [from, to] = inParts(axesInMemory(r.order, entry)[0], call).map((row) => row * (t.byteLength / Math.max(1, t.shape[0] ?? 1)));
      if (bytes.some((byte, i) => byte !== 0xff && (i < (from ?? 0) || i >= (to ?? Number.POSITIVE_INFINITY)))) throw new Error(`${name} on ${device.kind}: '${r.name}' was written in rows that belong to no part`);
      return [r.name, widen(t.dtype, bytes.slice(from, to))] as const;
    })));
  } finally {
    for (const t of owned) t[Symbol.dispose]();
  }
}

/** The rows of parts of a tensor that begins with `axis`: the first, and the end of the last; none where it is not packed. */
function inParts(axis: Axis | undefined, { offsets }: Call): readonly number[] {
  const starts = axis === undefined ? undefined : offsets[axis];
  return starts === undefined ? [] : [starts[0] ?? 0, starts.at(-1) ?? 0];
}
