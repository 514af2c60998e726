import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RuntimeError, type ErrorDetails, type RuntimeCode } from './error.js';

/** v2: SSE4.2, v3: AVX2 and FMA, v4: AVX-512. Names the folder of kernels built for it. */
export type InstructionSet = 'x86-64-v2' | 'x86-64-v3' | 'x86-64-v4';

/** The processor; `why` says what is missing where no kernel can run on it. */
export type Cpu = { readonly name: string; readonly instructionSet: InstructionSet } | { readonly name: string; readonly why: string };

/** A GPU: its compute capability `major.minor`, and how many multiprocessors it has. */
export interface Gpu { readonly name: string; readonly major: number; readonly minor: number; readonly processors: number; readonly memoryBytes: number }

/** A block of device memory. Ids are never used twice. */
export type BlockId = number;
export type FunctionId = number;
declare const kernelLibrary: unique symbol;
/** A loaded kernel library, to be handed to `resolve`. */
export interface NativeModule { readonly [kernelLibrary]: true }
/** What a launch needs to know of a kernel for a GPU: the file that says what it computes, a block's threads and dynamic shared memory, what its arguments are called, comma-separated, and whether it may begin before the launch in front of it has ended. */
export type BlockShape = [source: string, threads: number, sharedBytes: number, argNames: string, beginsEarly: boolean];

/** The CUDA driver, initialised. */
export interface NativeCudaDriver {
  /** 13000 for CUDA 13.0. */
  version(): number;
  /** Whether it describes tensors to the copy engine. */
  hasTensorMaps(): boolean;
  devices(): readonly Gpu[];
}

export interface NativeMapping {
  size(): number;
  /** Part of the file, at most 4 GiB, without a copy. Writing to it changes neither the file nor other parts' users. */
  bytes(offset: number, length: number): ArrayBuffer;
}

/** One device: its memory, and the thread that does its work in order. Every method checks blocks and ranges. */
export interface NativeThread {
  /** Doubles through which launch arguments pass, sixteen per argument; see Note [Launch words] in launchWords.cc. */
  words(): ArrayBuffer;
  /** The shape is for GPUs, and they need it. */
  resolve(module: NativeModule, symbol: string, label: string, ...shape: BlockShape | []): FunctionId;
  allocate(bytes: number): BlockId;
  /** A read-only block of mapped bytes, on a GPU a copy of them; undefined where they are not part of a mapping, or not aligned. */
  adopt(bytes: Uint8Array, alignment: number): BlockId | undefined;
  free(block: BlockId): void;
  /** `blocks`: how many a GPU runs; 1 where left out. The grid of a CPU function is inside. */
  launch(fn: FunctionId, argCount: number, blocks?: number): void;
  /** `lasts`: the bytes stay as they are, and a GPU reads those of a mapped file itself. */
  write(block: BlockId, offset: number, bytes: Uint8Array, lasts?: boolean): void;
  copy(target: BlockId, targetOffset: number, source: BlockId, sourceOffset: number, bytes: number): void;
  /** At once where nothing is queued on a CPU. */
  read(block: BlockId, offset: number, bytes: number): ArrayBuffer | Promise<ArrayBuffer>;
  sync(): Promise<void> | undefined;
  cancel(): void;
  /** A timer that runs from here in the order of work, and the seconds to where it is stopped. */
  startTimer(): number;
  stopTimer(timer: number): Promise<number>;
  /** From here to `endTrace` it is noted when launches and copies run. */
  beginTrace(): void;
  /** JSON in UTF-8: `names`, and `spans` of [lane, name's number, begin, end] in milliseconds of the clock of process.hrtime. Lane 0 has launches, 1 copies, each further one a thread that reads files. */
  endTrace(): Promise<ArrayBuffer>;
  /** Launches and copies in between are kept instead of run. */
  beginRecording(): void;
  endRecording(): number;
  replay(recording: number): void;
  dropRecording(recording: number): void;
  stats(): { readonly allocatedBytes: number; readonly peakBytes: number; readonly capacityBytes?: number };
  trim(): void;
  close(): void;
}

export interface Addon {
  processor(): Cpu;
  install(errorClass: new (code: RuntimeCode, what: string, details: ErrorDetails) => Error): void;
  readonly CpuModule: new (path: string) => NativeModule;
  /** Throws R020 where there is no driver or no GPU, R021 where the driver is too old. */
  readonly CudaDriver: new (library: string) => NativeCudaDriver;
  /** Loads a file into the device of a thread. Throws R113, and R114 where it has no code for that GPU. */
  readonly CudaModule: new (thread: NativeThread, path: string) => NativeModule;
  /** The CPU with so many threads for its kernels, or a GPU; `debug` waits for every launch, `apart` allocates every block for itself, `beside` runs what was recorded side by side where it can. */
  readonly DeviceThread: { new (threads: number): NativeThread; new (driver: NativeCudaDriver, ordinal: number, debug: boolean, apart: boolean, beside: boolean): NativeThread };
  readonly MappedFile: new (path: string) => NativeMapping;
}

/** Relative to this file as TypeScript under runtime/, and as JavaScript under build/ts/runtime/. */
const places = ['../build/native/Release/warpfold.node', '../../native/Release/warpfold.node'];
const load = createRequire(import.meta.url);
const buildIt = 'run `npx warpfold build`, which needs g++, cmake and make';

/** The native module. Throws R001, with the command to run, where it has not been built or does not load. */
export function addon(): Addon {
  const path = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (path === undefined) throw new RuntimeError('R001', `this package of warpfold has no addon for ${process.platform}-${process.arch}`, { remedy: buildIt });
  return loadAddon(path);
}

/** The native module from one file; `require` keeps it, so later calls are cheap. */
export function loadAddon(path: string): Addon {
  try {
    // The file is ours and built from the same tree: its face is the interface above.
    const native = load(path) as Addon;
    native.install(RuntimeError);
    return native;
  } catch (cause) {
    throw new RuntimeError('R001', `the native addon does not load: ${cause instanceof Error ? cause.message : String(cause)}`, { where: path, remedy: buildIt, cause });
  }
}
