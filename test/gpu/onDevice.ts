import type { DType } from '../../dsl/dtype.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../dsl/manifest.js';
import type { DeviceTensor, Device } from '../../runtime/device.js';
import type { TensorToStore } from '../../runtime/model/safetensorsWriter.js';
import { uniform } from '../kit/values.js';
import type { Draw, FileCase } from './fileCases.js';
import { encoded, normals } from './normals.js';

/** What a call is given, and what it left, by name. */
export type HostTensors = Readonly<Record<string, TensorToStore>>;

/** The inputs of a case: normal numbers from its place in the list, unless the case says otherwise; offsets of ragged axes. */
export function inputsOf(entry: KernelEntry, c: FileCase, seed: number): HostTensors {
  const tensors = entry.params.flatMap((p, i) => (p.order.length === 0 ? [] : [[p.name, drawn(p, entry, c, seed + 7919 * i)] as const]));
  const offsets = Object.entries(c.sizes).flatMap(([axis, parts]) => {
    if (typeof parts === 'number') return [];
    const sums = Int32Array.from([0, ...parts.map((_, i) => sum(parts.slice(0, i + 1)))]);
    return [[`offsets.${axis}`, { dtype: 'i32', shape: [sums.length], data: sums }] as const];
  });
  return Object.fromEntries([...tensors, ...offsets]);
}

function drawn(p: ArgSpec, entry: KernelEntry, c: FileCase, seed: number): TensorToStore {
  const dtype = dtypeOf(p, c);
  const shape = shapeOf(p.order, entry, c);
  const draw: Draw | undefined = c.draws[p.name];
  const numbers = draw === undefined ? normals(seed, product(shape)) : Float32Array.from({ length: product(shape) }, (_, i) => draw(i, uniform(seed, i)));
  return { dtype, shape, data: encoded(dtype, numbers) };
}

const sum = (parts: readonly number[]): number => parts.reduce((a, b) => a + b, 0);
const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
// What is no dtype parameter is a dtype: the manifest's contract.
const dtypeOf = (p: ArgSpec, c: FileCase): DType => (p.dtype === 'E' ? c.dtype : (p.dtype as DType));

/** A ragged axis and the one it depends on are one dimension of packed rows. */
function shapeOf(order: readonly Axis[], entry: KernelEntry, c: FileCase): readonly number[] {
  const packed = order.filter((axis, i) => {
    const next = entry.sizes[order[i + 1] ?? ''];
    return !(next?.kind === 'ragged' && next.by === axis);
  });
  return packed.map((axis) => {
    const size = c.sizes[axis];
    if (size === undefined) throw new Error(`${c.kernel}: the case gives no length for axis '${axis}'`);
    return typeof size === 'number' ? size : sum(size);
  });
}

/** Runs a case as often as it asks. Throws where two runs of it differ in a bit. */
export async function onDevice(device: Device, entry: KernelEntry, c: FileCase, inputs: HostTensors): Promise<HostTensors> {
  const given = Object.entries(inputs).map(([name, t]) => [name, uploaded(device, t)] as const);
  const results = entry.results.map((r) => [r.name, device.alloc(dtypeOf(r, c), shapeOf(r.order, entry, c))] as const);
  try {
    let first: HostTensors | undefined;
    for (let run = 0; run < c.repeats; run++) {
      // NaN in every float dtype: what nobody writes must not look right because it once was.
      for (const [, t] of results) device.write(t, new Uint8Array(t.byteLength).fill(0xff));
      const sizes = Object.entries(c.sizes).flatMap(([axis, n]) => (typeof n === 'number' && entry.sizes[axis]?.kind === 'dynamic' ? [[axis, n] as const] : []));
      device.launch(c.kernel, { ...Object.fromEntries(given), ...c.numbers }, Object.fromEntries(results), Object.fromEntries(sizes));
      const now = Object.fromEntries(await Promise.all(results.map(async ([name, t]) => [name, { dtype: t.dtype, shape: t.shape, data: await device.read(t) }] as const)));
      first ??= now;
      for (const [name, { data }] of Object.entries(now)) if (!bytes(data).equals(bytes(first[name]?.data ?? data))) throw new Error(`run ${run} gave other bits in '${name}' than run 0`);
    }
    return first ?? {};
  } finally {
    for (const [, t] of [...given, ...results]) t[Symbol.dispose]();
  }
}

function uploaded(device: Device, { dtype, shape, data }: TensorToStore): DeviceTensor {
  const tensor = device.alloc(dtype, shape);
  device.write(tensor, data);
  return tensor;
}

const bytes = (data: ArrayBufferView): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Bytes that a case's inputs and results take on the device. */
export const bytesOf = (entry: KernelEntry, c: FileCase): number => [...entry.params, ...entry.results].reduce((n, p) => n + product(shapeOf(p.order, entry, c)) * dtypeBytes[dtypeOf(p, c)], 0);
