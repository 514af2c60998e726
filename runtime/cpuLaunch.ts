import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Manifest } from '../dsl/manifest.js';
import type { Addon, BlockId, FunctionId, InstructionSet, NativeModule, NativeThread } from './addon.js';
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
  readonly kernelsDir: string;
  /** The best instruction set the processor has. */
  readonly best: InstructionSet;
}

/** Binds, encodes and queues launches; signatures, libraries and functions are looked up once per device. */
export function createLauncher({ native, thread, manifest, kernelsDir, best }: LauncherOptions): Launcher {
  const bindings = new Map<string, Binding>();
  const functions = new Map<LaunchSlot, FunctionId>();
  const libraries = new Map<string, NativeModule>();
  const words = new Float64Array(thread.words());

  const bindingOf = (name: string): Binding => {
    const entry = Object.hasOwn(manifest.kernels, name) ? manifest.kernels[name] : undefined;
    if (entry === undefined) throw new RuntimeError('R101', `no kernel is called '${name}'; the manifest has ${Object.keys(manifest.kernels).join(', ') || 'none'}`);
    const binding = emptyBinding(signature(name, entry, 'cpu'));
    bindings.set(name, binding);
    return binding;
  };

  const libraryAt = (path: string): NativeModule => {
    const library = libraries.get(path) ?? new native.CpuModule(path);
    libraries.set(path, library);
    return library;
  };

  const functionOf = (s: Signature, variant: VariantSlot, slot: LaunchSlot): FunctionId => {
    const path = libraryPath(kernelsDir, best, slot, s.name);
    const label = `kernel '${s.name}'${variant.variant.variant === '' ? '' : ` (${variant.variant.variant})`}`;
    const fn = thread.resolve(libraryAt(path), slot.spec.symbol, label);
    functions.set(slot, fn);
    return fn;
  };

  return (name, device, args, results, sizes) => {
    const binding = bindings.get(name) ?? bindingOf(name);
    const variant = bind(binding, device, args, results, sizes);
    const scratch = allocateScratch(thread, binding, variant);
    try {
      for (const slot of variant.launches) {
        const fn = functions.get(slot) ?? functionOf(binding.signature, variant, slot);
        for (let i = 0; i < slot.args.length; i++) {
          const arg = slot.args[i];
          if (arg !== undefined) encode(words, i * wordsPerArg, binding, arg, variant, scratch);
        }
        thread.launch(fn, slot.args.length);
      }
    } finally {
      // Whoever gets this memory next queues behind these launches.
      for (const block of scratch) thread.free(block);
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

const fromBest: Readonly<Record<InstructionSet, readonly InstructionSet[]>> = {
  'x86-64-v4': ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'], 'x86-64-v3': ['x86-64-v3', 'x86-64-v2'], 'x86-64-v2': ['x86-64-v2'],
};

/** The library for the best instruction set that was built and that the processor has. */
function libraryPath(kernelsDir: string, best: InstructionSet, slot: LaunchSlot, kernel: string): string {
  const file = `${basename(slot.spec.file, '.cpp')}.so`;
  const candidates = fromBest[best].map((set) => resolve(kernelsDir, 'cpu', set, file));
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new RuntimeError('R112', `kernel '${kernel}' has not been built: there is no ${candidates.at(0)}`, { remedy: 'run `warpfold build`' });
  return found;
}
