import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RuntimeError, type ErrorDetails, type RuntimeCode } from './error.js';

/** v2: SSE4.2, v3: AVX2 and FMA, v4: AVX-512. Names the folder of kernels built for it. */
export type InstructionSet = 'x86-64-v2' | 'x86-64-v3' | 'x86-64-v4';

/** What devices there are; `why` says what is missing where one cannot be used. */
export interface Probe {
  readonly cpu: { readonly name: string; readonly instructionSet: InstructionSet } | { readonly name: string; readonly why: string };
  readonly cuda: { readonly why: string };
}

/** A block of device memory. Ids are never used twice. */
export type BlockId = number;
export type FunctionId = number;
declare const kernelLibrary: unique symbol;
/** A loaded kernel library, to be handed to `resolve`. */
export interface NativeModule { readonly [kernelLibrary]: true }

export interface NativeMapping {
  size(): number;
  /** Part of the file, at most 4 GiB, without a copy. Writing to it changes neither the file nor other parts' users. */
  bytes(offset: number, length: number): ArrayBuffer;
}

/** One CPU device: its memory, and the thread that does its work in order. Every method checks blocks and ranges. */
export interface NativeThread {
  /** Doubles through which launch arguments pass, six per argument; see Note [Launch words] in deviceThread.cc. */
  words(): ArrayBuffer;
  resolve(module: NativeModule, symbol: string, label: string): FunctionId;
  allocate(bytes: number): BlockId;
  /** A block over mapped bytes; undefined where they are not part of a mapping, or not aligned. */
  adopt(bytes: Uint8Array, alignment: number): BlockId | undefined;
  free(block: BlockId): void;
  launch(fn: FunctionId, argCount: number): void;
  write(block: BlockId, offset: number, bytes: Uint8Array): void;
  copy(target: BlockId, targetOffset: number, source: BlockId, sourceOffset: number, bytes: number): void;
  /** At once where nothing is queued. */
  read(block: BlockId, offset: number, bytes: number): ArrayBuffer | Promise<ArrayBuffer>;
  sync(): Promise<void> | undefined;
  cancel(): void;
  stats(): { readonly allocatedBytes: number; readonly peakBytes: number };
  trim(): void;
  close(): void;
}

export interface Addon {
  probe(): Probe;
  install(errorClass: new (code: RuntimeCode, what: string, details: ErrorDetails) => Error): void;
  readonly CpuModule: new (path: string) => NativeModule;
  readonly DeviceThread: new (threads: number) => NativeThread;
  readonly MappedFile: new (path: string) => NativeMapping;
}

/** Relative to this file as TypeScript under runtime/, and as JavaScript under build/ts/runtime/. */
const places = ['../build/native/Release/warpfold.node', '../../native/Release/warpfold.node'];
const load = createRequire(import.meta.url);
const buildIt = 'run `npm run build:native`';

/** The native module. Throws R001, with the command to run, where it has not been built or does not load. */
export function addon(): Addon {
  const path = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (path === undefined) throw new RuntimeError('R001', `the native addon for ${process.platform}-${process.arch} has not been built`, { remedy: buildIt });
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

/** Which devices this machine has, and why others are not there. Throws R001 without the addon. */
export const probe = (): Probe => addon().probe();
