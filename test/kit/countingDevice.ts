import { type DType, dtypeBytes } from '../../dsl/dtype.js';
import type { Device, DeviceTensor, HostArrays } from '../../runtime/device.js';

/** A device that computes nothing: it counts what a GPU's pool would hold, so that a model of any size can be gone through. Reads give zeros. */
export interface CountingDevice extends Device { readonly kind: 'cuda'; heldBytes(): number }

const smallest = 64;
const largestStep = 2 ** 24;

/** Bytes of the block that holds so many; see sizeClass in pool.cc. */
function sizeClass(bytes: number): number {
  if (bytes <= 4 * smallest) return Math.max(smallest, Math.ceil(bytes / smallest) * smallest);
  let power = 4 * smallest;
  while (power < bytes) power *= 2;
  const step = Math.min(power / 8, largestStep);
  return Math.ceil(bytes / step) * step;
}

/** A device whose memory is counted as pool.cc counts it. */
export function countingDevice(capacityBytes: number): CountingDevice {
  const free: number[] = [];
  let [held, peak, allocated] = [0, 0, 0];
  /** The smallest free block up to twice as large, else a new one. */
  const take = (bytes: number): number => {
    const wanted = sizeClass(bytes);
    const at = free.findIndex((block) => block >= wanted);
    const block = at >= 0 && (free[at] ?? 0) <= 2 * wanted ? free.splice(at, 1)[0] ?? 0 : undefined;
    if (block === undefined) held += wanted;
    peak = Math.max(peak, held);
    allocated += block ?? wanted;
    return block ?? wanted;
  };
  const give = (block: number): void => {
    allocated -= block;
    const at = free.findIndex((other) => other >= block);
    free.splice(at < 0 ? free.length : at, 0, block);
  };
  const elements = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);
  const view = <D extends DType>(dtype: D, shape: readonly number[], dispose: () => void): DeviceTensor<D> => ({
    dtype, shape, byteLength: elements(shape) * dtypeBytes[dtype],
    slice: (from, to) => view(dtype, [to - from, ...shape.slice(1)], () => {}), reshape: (to) => view(dtype, to, () => {}), [Symbol.dispose]: dispose,
  });
  const alloc = <D extends DType>(dtype: D, shape: readonly number[]): DeviceTensor<D> => {
    const block = take(elements(shape) * dtypeBytes[dtype]);
    let gone = false;
    return view(dtype, shape, () => {
      if (!gone) give(block);
      gone = true;
    });
  };
  const zeros: { readonly [D in DType]: (length: number) => HostArrays[D] } = { f32: (n) => new Float32Array(n), i32: (n) => new Int32Array(n), bf16: (n) => new Uint16Array(n), f16: (n) => new Uint16Array(n), f8e4m3: (n) => new Uint8Array(n) };
  return {
    kind: 'cuda', description: 'counts bytes', alloc, adopt: alloc, heldBytes: () => held,
    write: () => {}, launch: () => {}, copy: () => {}, sync: async () => {}, cancel: () => {}, trim: () => {},
    read: async <D extends DType>(tensor: DeviceTensor<D>) => zeros[tensor.dtype](elements(tensor.shape)),
    time: async (work) => { work(); return 0; },
    trace: () => ({ end: async () => [] }),
    record: (work) => { work(); return { replay: () => {}, [Symbol.dispose]: () => {} }; },
    stats: () => ({ allocatedBytes: allocated, peakBytes: peak, capacityBytes }),
    [Symbol.asyncDispose]: async () => {},
  };
}
