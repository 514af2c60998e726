import type { DType } from '../../dsl/dtype.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { encoded, normals } from '../gpu/normals.js';
import type { Bench, GpuWork } from './gpuWorks.js';

/** Seconds of one call: the median, the tenth and the ninetieth of a hundred, and how many calls they come from. */
export interface Timing { readonly median: number; readonly low: number; readonly high: number; readonly calls: number }

/** Bytes that all input sets of a work take together at least, so that no call finds its data in the cache. */
const rotated = 256 * 2 ** 20;
const maxSets = 8;

/** `warmSeconds`: how long the work runs before it is timed, for clocks that rise only under load. */
export interface MeasureOptions { readonly leastCalls: number; readonly groupSeconds: number; readonly warmSeconds: number }

/**
 * Times a work on the device. Calls are timed in groups as long as `groupSeconds`, so that the gap between the first event
 * and the first launch does not count; each call of a group takes the next of several input sets.
 */
export async function measure(device: Device, work: GpuWork, { leastCalls, groupSeconds, warmSeconds }: MeasureOptions): Promise<Timing> {
  const owned: DeviceTensor[] = [];
  try {
    const bench = benchOn(device, owned);
    const first = work.prepare(bench);
    const bytes = owned.reduce((n, t) => n + t.byteLength, 0);
    const sets = [first, ...Array.from({ length: Math.min(maxSets, Math.ceil(rotated / bytes)) - 1 }, () => work.prepare(bench))];
    const calls = (count: number): (() => void) => () => { for (let i = 0; i < count; i++) sets[i % sets.length]?.(); };
    await device.time(calls(sets.length)); // loads the kernels
    const once = (await device.time(calls(sets.length))) / sets.length;
    await device.time(calls(Math.ceil(warmSeconds / once)));
    const group = Math.max(1, Math.min(leastCalls, Math.ceil(groupSeconds / once)));
    const groups = Math.max(10, Math.ceil(leastCalls / group));
    const times: number[] = [];
    for (let i = 0; i < groups; i++) times.push((await device.time(calls(group))) / group);
    return { ...spread(times), calls: group * groups };
  } finally {
    for (const t of owned) t[Symbol.dispose]();
  }
}

/** Bytes per second of a device's copy, each byte counted as read and as written. */
export async function measureCopy(device: Device, bytes: number): Promise<number> {
  using from = device.alloc('i32', [bytes / 4]);
  using to = device.alloc('i32', [bytes / 4]);
  device.write(from, new Uint8Array(bytes));
  const times: number[] = [];
  for (let i = 0; i < 12; i++) times.push(await device.time(() => device.copy(to, from)));
  return (2 * bytes) / spread(times).median;
}

function spread(times: readonly number[]): Omit<Timing, 'calls'> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

/** Distinct numbers of each dtype; longer tensors repeat them. No power of two, so that no two rows begin alike. */
const distinct = 1_048_573;

function benchOn(device: Device, owned: DeviceTensor[]): Bench {
  const sources = new Map<DType, DeviceTensor>();
  const empty = (dtype: DType, shape: readonly number[]): DeviceTensor => {
    const t = device.alloc(dtype, shape);
    owned.push(t);
    return t;
  };
  const filled = (dtype: DType, data: ArrayBufferView, length: number): DeviceTensor => {
    const t = empty(dtype, [length]);
    device.write(t, data);
    return t;
  };
  return {
    launch: (name, args, results, sizes) => device.launch(name, args, results, sizes),
    empty,
    single: (numbers, shape) => filled('f32', Float32Array.from(numbers), numbers.length).reshape(shape),
    whole: (numbers) => filled('i32', Int32Array.from(numbers), numbers.length),
    normal: (dtype, shape) => {
      const t = empty(dtype, shape);
      const source = sources.get(dtype) ?? filled(dtype, encoded(dtype, normals(1, distinct)), distinct);
      sources.set(dtype, source);
      const length = shape.reduce((n, s) => n * s, 1);
      const flat = t.reshape([length]);
      for (let at = 0; at < length; at += distinct) device.copy(flat.slice(at, Math.min(at + distinct, length)), source.slice(0, Math.min(distinct, length - at)));
      return t;
    },
  };
}
