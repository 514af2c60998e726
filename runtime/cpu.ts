import { availableParallelism, totalmem } from 'node:os';
import { isSharedArrayBuffer } from 'node:util/types';
import { type DType, dtypeBytes } from '../dsl/dtype.js';
import type { Manifest } from '../dsl/manifest.js';
import { addon, type BlockId, type NativeThread } from './addon.js';
import { createLauncher } from './cpuLaunch.js';
import type { Device, DeviceTensor, HostArrays } from './device.js';
import { RuntimeError } from './error.js';
import { elements, ownerTensor, placeOf, type Storage } from './tensor.js';

export interface CpuOptions {
  readonly manifest: Manifest;
  /** The folder that `warpfold build` fills: kernels lie in cpu/<instruction set>/<kernel>.so below it. */
  readonly kernelsDir: string;
  /** Threads a kernel may use, the device's own included. Default: OMP_NUM_THREADS, else the available cores. */
  readonly threads?: number;
}

/**
 * The processor as a device. Its work runs in order on one native thread; kernels spread over `threads`. Kernel libraries
 * load on first use. Throws R001 without the addon and R010 for an impossible thread count.
 */
export function openCpu(options: CpuOptions): Device {
  const native = addon();
  const { cpu } = native.probe();
  if ('why' in cpu) throw new RuntimeError('R001', `${cpu.name} cannot run kernels: ${cpu.why}`);
  const threads = options.threads ?? defaultThreads();
  const thread = new native.DeviceThread(threads);
  const launcher = createLauncher({ native, thread, manifest: options.manifest, kernelsDir: options.kernelsDir, best: cpu.instructionSet });
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
    kind: 'cpu',
    description: `${cpu.name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${cpu.instructionSet}`,
    alloc,
    write,
    adopt(dtype, shape, bytes) {
      const data = hostBytes(dtype, elements(shape) * byteSize(dtype), bytes);
      const block = thread.adopt(data, dtypeBytes[dtype]);
      if (block !== undefined) return ownerTensor(storage(block), dtype, shape);
      const tensor = alloc(dtype, shape);
      write(tensor, data);
      return tensor;
    },
    launch: (name, args, results, sizes = noSizes) => launcher(name, identity, args, results, sizes),
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
    stats: () => ({ ...thread.stats(), capacityBytes: totalmem() }),
    trim: () => thread.trim(),
    async [Symbol.asyncDispose]() { await drain(thread); },
  };
}

const noSizes: Readonly<Record<string, number>> = {};

function defaultThreads(): number {
  const wanted = Number(process.env.OMP_NUM_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

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
  if (!ArrayBuffer.isView(data)) throw new RuntimeError('R010', 'host data must be a typed array or a DataView');
  const type = Object.prototype.toString.call(data).slice(8, -1);
  if (!byteArrays.includes(type) && !arrayOf[type]?.includes(dtype)) throw new RuntimeError('R015', `a ${type} for a tensor of ${dtype}`);
  if (data.byteLength !== byteLength) throw new RuntimeError('R015', `${data.byteLength} bytes for a tensor of ${byteLength}`);
  const { buffer } = data;
  if (isSharedArrayBuffer(buffer)) return Uint8Array.from(new Uint8Array(buffer, data.byteOffset, data.byteLength));
  return new Uint8Array(buffer, data.byteOffset, data.byteLength);
}

const hostArrays: { readonly [D in DType]: (bytes: ArrayBuffer) => HostArrays[D] } = {
  f32: (bytes) => new Float32Array(bytes),
  i32: (bytes) => new Int32Array(bytes),
  bf16: (bytes) => new Uint16Array(bytes),
  f16: (bytes) => new Uint16Array(bytes),
};
const hostArray = <D extends DType>(dtype: D, bytes: ArrayBuffer): HostArrays[D] => hostArrays[dtype](bytes);
