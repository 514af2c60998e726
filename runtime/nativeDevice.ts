import { isSharedArrayBuffer } from 'node:util/types';
import { type DType, dtypeBytes } from '../dsl/dtype.js';
import type { BlockId, NativeThread } from './addon.js';
import type { Device, DeviceTensor, HostArrays } from './device.js';
import { nativeTrace } from './nativeTrace.js';
import { RuntimeError } from './error.js';
import type { Launcher } from './launcher.js';
import { elements, ownerTensor, placeOf, type Storage } from './tensor.js';

/** What devices of the addon differ in for their callers. */
export interface NativeDeviceOptions { readonly kind: Exclude<Device['kind'], 'reference'>; readonly description: string; readonly thread: NativeThread; readonly launcher: Launcher }

/** A native thread as a device: tensors over its blocks, and checks of what host and device disagree about. */
export function nativeDevice({ kind, description, thread, launcher }: NativeDeviceOptions): Device {
  const identity = {};
  const storage = (block: BlockId): Storage => ({ device: identity, block, free: () => thread.free(block) });
  const alloc = <D extends DType>(dtype: D, shape: readonly number[]): DeviceTensor<D> => {
    const bytes = elements(shape) * byteSize(dtype);
    return ownerTensor(storage(thread.allocate(bytes)), dtype, shape);
  };
  const write = (tensor: DeviceTensor, data: ArrayBufferView): void => {
    const place = placeOf(tensor, identity);
    thread.write(place.storage.block, place.offset, hostBytes(tensor.dtype, tensor.byteLength, data));
  };
  return {
    kind, description, alloc, write,
    adopt(dtype, shape, ...parts) {
      const bytes = elements(shape) * byteSize(dtype);
      const data = parts.map((part) => bytesOf(dtype, part));
      requireLength(data.reduce((n, part) => n + part.byteLength, 0), bytes);
      const [first, ...more] = data;
      const adopted = first === undefined || more.length > 0 ? undefined : thread.adopt(first, dtypeBytes[dtype]);
      if (adopted !== undefined) return ownerTensor(storage(adopted), dtype, shape);
      const block = thread.allocate(bytes);
      let offset = 0;
      for (const part of data) {
        thread.write(block, offset, part, true);
        offset += part.byteLength;
      }
      return ownerTensor(storage(block), dtype, shape);
    },
    launch: (name, args, results, sizes = noSizes) => launcher.launch(name, identity, args, results, sizes),
    copy(dst, src) {
      const to = placeOf(dst, identity);
      const from = placeOf(src, identity);
      if (dst.dtype !== src.dtype || dst.byteLength !== src.byteLength) throw new RuntimeError('R015', `copy from ${src.dtype} [${src.shape.join(', ')}] to ${dst.dtype} [${dst.shape.join(', ')}]: dtype and number of elements must agree`);
      thread.copy(to.storage.block, to.offset, from.storage.block, from.offset, dst.byteLength);
    },
    async read<D extends DType>(tensor: DeviceTensor<D>): Promise<HostArrays[D]> {
      const place = placeOf(tensor, identity);
      return hostArray(tensor.dtype, await thread.read(place.storage.block, place.offset, tensor.byteLength));
    },
    async sync() { await thread.sync(); },
    cancel: () => thread.cancel(),
    async time(work) {
      const timer = thread.startTimer();
      try {
        work();
      } catch (error) {
        thread.stopTimer(timer).catch(() => {});
        throw error;
      }
      return await thread.stopTimer(timer);
    },
    trace: () => nativeTrace(thread),
    record(work) {
      thread.beginRecording();
      try {
        launcher.recorded(work);
      } catch (error) {
        thread.dropRecording(thread.endRecording());
        throw error;
      }
      const recording = thread.endRecording();
      return { replay: () => thread.replay(recording), [Symbol.dispose]: () => thread.dropRecording(recording) };
    },
    stats: () => thread.stats(),
    trim: () => thread.trim(),
    async [Symbol.asyncDispose]() { await drain(thread); },
  };
}

const noSizes: Readonly<Record<string, number>> = {};

/** Drops queued work, lets the running kernel finish without blocking the event loop, ends the thread. A second call does nothing. */
async function drain(thread: NativeThread): Promise<void> {
  try {
    thread.cancel();
    await thread.sync();
  } catch {
    // Failures of dropped work interest nobody any more.
  }
  thread.close();
}

function byteSize(dtype: DType): number {
  const size = dtypeBytes[dtype] as number | undefined;
  if (size === undefined) throw new RuntimeError('R010', `'${String(dtype)}' is no dtype; there are ${Object.keys(dtypeBytes).join(', ')}`);
  return size;
}

/** Which typed arrays speak a dtype; bytes (Uint8Array, Buffer, DataView) speak them all. */
const arrayOf: Readonly<Record<string, readonly DType[]>> = { Float32Array: ['f32'], Int32Array: ['i32'], Uint16Array: ['bf16', 'f16'], Float16Array: ['f16'] };
const byteArrays: readonly string[] = ['Uint8Array', 'DataView'];

function hostBytes(dtype: DType, byteLength: number, data: ArrayBufferView): Uint8Array {
  const bytes = bytesOf(dtype, data);
  requireLength(bytes.byteLength, byteLength);
  return bytes;
}

function requireLength(given: number, byteLength: number): void {
  if (given !== byteLength) throw new RuntimeError('R015', `${given} bytes for a tensor of ${byteLength}`);
}

function bytesOf(dtype: DType, data: ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(data)) throw new RuntimeError('R010', 'host data must be a typed array or a DataView');
  const type = Object.prototype.toString.call(data).slice(8, -1);
  if (!byteArrays.includes(type) && !arrayOf[type]?.includes(dtype)) throw new RuntimeError('R015', `a ${type} for a tensor of ${dtype}`);
  const { buffer } = data;
  if (isSharedArrayBuffer(buffer)) return Uint8Array.from(new Uint8Array(buffer, data.byteOffset, data.byteLength));
  return new Uint8Array(buffer, data.byteOffset, data.byteLength);
}

const hostArrays: { readonly [D in DType]: (bytes: ArrayBuffer) => HostArrays[D] } = {
  f32: (bytes) => new Float32Array(bytes),
  i32: (bytes) => new Int32Array(bytes),
  bf16: (bytes) => new Uint16Array(bytes),
  f16: (bytes) => new Uint16Array(bytes),
  f8e4m3: (bytes) => new Uint8Array(bytes),
};
const hostArray = <D extends DType>(dtype: D, bytes: ArrayBuffer): HostArrays[D] => hostArrays[dtype](bytes);
