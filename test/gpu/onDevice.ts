import type { DType } from '../../dsl/dtype.js';
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

/** Elements of NaN behind every tensor: what reads past an end shows in the result, what writes there is found. */
const guard = 4096;

interface Guarded { readonly owner: DeviceTensor; readonly tensor: DeviceTensor }

/** Runs a case as often as it asks. Throws where two runs of it differ in a bit, or one writes behind a result. */
export async function onDevice(device: Device, entry: KernelEntry, c: FileCase, inputs: HostTensors): Promise<HostTensors> {
  const given = Object.entries(inputs).map(([name, t]) => [name, uploaded(device, t)] as const);
  const results = entry.results.map((r) => [r.name, guarded(device, dtypeOf(r, c), shapeOf(r.order, entry, c))] as const);
  const sizes = Object.fromEntries(Object.entries(c.sizes).flatMap(([axis, n]) => (typeof n === 'number' && entry.sizes[axis]?.kind === 'dynamic' ? [[axis, n] as const] : [])));
  try {
    let first: HostTensors | undefined;
    for (let run = 0; run < c.repeats; run++) {
      for (const [, { owner }] of results) poison(device, owner);
      device.launch(c.kernel, { ...tensorsOf(given), ...c.numbers }, tensorsOf(results), sizes);
      const now = Object.fromEntries(await Promise.all(results.map(async ([name, r]) => [name, await downloaded(device, name, r)] as const)));
      first ??= now;
      for (const [name, { data }] of Object.entries(now)) if (!bytes(data).equals(bytes(first[name]?.data ?? data))) throw new Error(`run ${run} gave other bits in '${name}' than run 0`);
    }
    return first ?? {};
  } finally {
    for (const [, { owner }] of [...given, ...results]) owner[Symbol.dispose]();
  }
}

const tensorsOf = (all: readonly (readonly [string, Guarded])[]): Readonly<Record<string, DeviceTensor>> => Object.fromEntries(all.map(([name, { tensor }]) => [name, tensor]));

function guarded(device: Device, dtype: DType, shape: readonly number[]): Guarded {
  const owner = device.alloc(dtype, [product(shape) + guard]);
  return { owner, tensor: owner.slice(0, product(shape)).reshape(shape) };
}

/** NaN in every float dtype: what nobody writes must not look right because it once was. */
function poison(device: Device, tensor: DeviceTensor): void {
  device.write(tensor, new Uint8Array(tensor.byteLength).fill(0xff));
}

function uploaded(device: Device, { dtype, shape, data }: TensorToStore): Guarded {
  const made = guarded(device, dtype, shape);
  poison(device, made.owner);
  device.write(made.tensor, data);
  return made;
}

async function downloaded(device: Device, name: string, { owner, tensor: { dtype, shape } }: Guarded): Promise<TensorToStore> {
  const all = await device.read(owner);
  const count = product(shape);
  if (bytes(all.subarray(count)).some((b) => b !== 0xff)) throw new Error(`something was written behind '${name}'`);
  return { dtype, shape, data: all.slice(0, count) };
}

const bytes = (data: ArrayBufferView): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
