import type { Manifest, TargetName } from '../dsl/manifest.js';
import type { Addon, BlockId, FunctionId, NativeModule, NativeThread } from './addon.js';
import { type Binding, bind, emptyBinding, scratchBytes } from './binding.js';
import type { DeviceTensor, LaunchArgs } from './device.js';
import { RuntimeError } from './error.js';
import { type ArgSlot, type LaunchSlot, type Signature, signature, type VariantSlot } from './signature.js';

/** `Device.launch` on a device known by identity. */
export type Launcher = (name: string, device: object, args: LaunchArgs, results: Readonly<Record<string, DeviceTensor>>, sizes: Readonly<Record<string, number>>) => void;

const wordsPerArg = 6;
const argI32 = 0;
const argF32 = 1;
const argRead = 2;
const argWrite = 3;
const argOffsets = 4;

export interface LauncherOptions {
  readonly native: Addon;
  readonly thread: NativeThread;
  readonly manifest: Manifest;
  readonly target: TargetName;
  /** The library that holds a launch of a kernel. Throws R112 where it has not been built. */
  readonly libraryPath: (slot: LaunchSlot, kernel: string) => string;
  /** Words that a launch is given behind its own arguments, as one more array. */
  readonly request?: (binding: Binding, variant: VariantSlot, slot: LaunchSlot) => Int32Array;
  /** Told of scratch memory before anything runs in it. */
  readonly prepareScratch?: (block: BlockId, bytes: number) => void;
}

/** Binds, encodes and queues launches; signatures, libraries and functions are looked up once per device. */
export function createLauncher({ native, thread, manifest, target, libraryPath, request, prepareScratch }: LauncherOptions): Launcher {
  const bindings = new Map<string, Binding>();
  const functions = new Map<LaunchSlot, FunctionId>();
  const libraries = new Map<string, NativeModule>();
  const words = new Float64Array(thread.words());

  const bindingOf = (name: string): Binding => {
    const entry = Object.hasOwn(manifest.kernels, name) ? manifest.kernels[name] : undefined;
    if (entry === undefined) throw new RuntimeError('R101', `no kernel is called '${name}'; the manifest has ${Object.keys(manifest.kernels).join(', ') || 'none'}`);
    const binding = emptyBinding(signature(name, entry, target));
    bindings.set(name, binding);
    return binding;
  };

  const libraryAt = (path: string): NativeModule => {
    const library = libraries.get(path) ?? new native.CpuModule(path);
    libraries.set(path, library);
    return library;
  };

  const functionOf = (s: Signature, variant: VariantSlot, slot: LaunchSlot): FunctionId => {
    const path = libraryPath(slot, s.name);
    const label = `kernel '${s.name}'${variant.variant.variant === '' ? '' : ` (${variant.variant.variant})`}`;
    const fn = thread.resolve(libraryAt(path), slot.spec.symbol, label);
    functions.set(slot, fn);
    return fn;
  };

  return (name, device, args, results, sizes) => {
    const binding = bindings.get(name) ?? bindingOf(name);
    const variant = bind(binding, device, args, results, sizes);
    const scratch = allocateScratch(thread, binding, variant);
    const requests: BlockId[] = [];
    try {
      if (prepareScratch !== undefined) variant.scratch.forEach((spec, i) => prepareScratch(scratch[i] ?? Number.NaN, scratchBytes(binding, spec)));
      for (const slot of variant.launches) {
        const fn = functions.get(slot) ?? functionOf(binding.signature, variant, slot);
        for (let i = 0; i < slot.args.length; i++) {
          const arg = slot.args[i];
          if (arg !== undefined) encode(words, i * wordsPerArg, binding, arg, variant, scratch);
        }
        const asked = request?.(binding, variant, slot);
        if (asked !== undefined) requests.push(putArray(thread, words, slot.args.length, asked));
        thread.launch(fn, slot.args.length + (asked === undefined ? 0 : 1));
      }
    } finally {
      // Whoever gets this memory next queues behind these launches.
      for (const block of [...scratch, ...requests]) thread.free(block);
    }
  };
}

const noScratch: readonly BlockId[] = [];

function allocateScratch(thread: NativeThread, binding: Binding, variant: VariantSlot): readonly BlockId[] {
  if (variant.scratch.length === 0) return noScratch;
  const blocks: BlockId[] = [];
  try {
    for (const s of variant.scratch) blocks.push(thread.allocate(scratchBytes(binding, s)));
  } catch (error) {
    for (const block of blocks) thread.free(block);
    throw error;
  }
  return blocks;
}

/** Writes one argument as the native side reads it. */
function encode(words: Float64Array, at: number, b: Binding, arg: ArgSlot, variant: VariantSlot, scratch: readonly BlockId[]): void {
  const { kind, index } = arg;
  switch (kind) {
    case 'tensor': {
      const place = b.places[index];
      put(words, at, b.signature.tensors[index]?.isResult ? argWrite : argRead, place?.storage.block, place?.offset, b.byteLengths[index]);
      return;
    }
    case 'scratch': {
      const spec = variant.scratch[index];
      put(words, at, argWrite, scratch[index], 0, spec === undefined ? 0 : scratchBytes(b, spec));
      return;
    }
    case 'offsets': {
      const slot = b.signature.ragged[index];
      const place = b.offsets[index];
      if (slot === undefined) return;
      put(words, at, argOffsets, place?.storage.block, place?.offset, (b.sizes[slot.by] ?? 0) + 1);
      words[at + 4] = b.rows[slot.axis] ?? 0;
      words[at + 5] = b.sizes[slot.axis] ?? 0;
      return;
    }
    case 'scalar': put(words, at, b.signature.scalars[index]?.integral ? argI32 : argF32, b.scalars[index], 0, 0); return;
    case 'size': put(words, at, argI32, b.sizes[index], 0, 0); return;
    default: kind satisfies never;
  }
}

/** A missing part becomes NaN, which the native side refuses. */
function put(words: Float64Array, at: number, kind: number, first = Number.NaN, second = Number.NaN, third = Number.NaN): void {
  words[at] = kind;
  words[at + 1] = first;
  words[at + 2] = second;
  words[at + 3] = third;
}

/** Copies an array to the device and writes it down as an argument; its block. */
function putArray(thread: NativeThread, words: Float64Array, index: number, array: Int32Array): BlockId {
  const block = thread.allocate(array.byteLength);
  thread.write(block, 0, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  put(words, index * wordsPerArg, argRead, block, 0, array.byteLength);
  return block;
}
