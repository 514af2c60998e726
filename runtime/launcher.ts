import { didYouMean } from '../dsl/nearest.js';
import type { Manifest, TargetName } from '../dsl/manifest.js';
import type { BlockId, FunctionId, NativeThread } from './addon.js';
import { type Binding, bind, blockCount, emptyBinding, scratchBytes, startedBlocks } from './binding.js';
import type { DeviceTensor, LaunchArgs } from './device.js';
import { RuntimeError } from './error.js';
import { encode, encodeInteger, wordsPerArg } from './launchWords.js';
import { createScratch, type Scratch } from './scratch.js';
import { type LaunchSlot, type Signature, signature, type VariantSlot } from './signature.js';

export interface Launcher {
  /** `Device.launch` on a device known by identity. */
  launch(name: string, device: object, args: LaunchArgs, results: Readonly<Record<string, DeviceTensor>>, sizes: Readonly<Record<string, number>>): void;
  /** Does `work`, whose launches are being recorded. */
  recorded(work: () => void): void;
}

/** Loads the function of one launch; called once for each. */
export type FunctionLoader = (kernel: LoadedKernel, slot: LaunchSlot) => FunctionId;
/** Which kernel a function belongs to; `label` names it in messages, `source` is the author's `file:line`, `argNames` what its arguments are called, comma-separated. */
export interface LoadedKernel { readonly name: string; readonly label: string; readonly source: string; readonly argNames: string }

export interface LauncherOptions {
  readonly thread: NativeThread;
  readonly manifest: Manifest;
  /** Whose variants may run, the best first. */
  readonly targets: readonly [TargetName, ...TargetName[]];
  /** Multiprocessors: the number of parts of a split follows from it. */
  readonly processors: number;
  readonly load: FunctionLoader;
  /** Numbers that a launch is given behind its own arguments. */
  readonly request?: (binding: Binding, variant: VariantSlot, slot: LaunchSlot) => readonly number[];
}

/** Binds, encodes and queues launches; signatures and functions are looked up once per device. */
export function createLauncher({ thread, manifest, targets, processors, load, request }: LauncherOptions): Launcher {
  const bindings = new Map<string, Binding>();
  const functions = new Map<LaunchSlot, FunctionId>();
  const scratchMemory = createScratch(thread);
  const words = new Float64Array(thread.words());

  const bindingOf = (name: string): Binding => {
    const entry = Object.hasOwn(manifest.kernels, name) ? manifest.kernels[name] : undefined;
    if (entry === undefined) throw new RuntimeError('R101', `no kernel is called '${name}'; the manifest has ${Object.keys(manifest.kernels).join(', ') || 'none'}${didYouMean(name, Object.keys(manifest.kernels))}`);
    const binding = emptyBinding(signature(name, entry, targets), processors);
    bindings.set(name, binding);
    return binding;
  };

  const functionOf = (s: Signature, { variant }: VariantSlot, slot: LaunchSlot): FunctionId => {
    const label = `kernel '${s.name}'${variant.variant === '' ? '' : ` (${variant.variant})`}`;
    const argNames = slot.spec.args.map((a) => ('name' in a ? a.name : `${a.kind} ${a.axis}`)).join(',');
    const fn = load({ name: s.name, label, source: `${manifest.kernels[s.name]?.source}:${slot.spec.line}`, argNames }, slot);
    functions.set(slot, fn);
    return fn;
  };

  const launch: Launcher['launch'] = (name, device, args, results, sizes) => {
    const binding = bindings.get(name) ?? bindingOf(name);
    const variant = bind(binding, device, args, results, sizes);
    const scratch = takeScratch(scratchMemory, binding, variant);
    try {
      for (const slot of variant.launches) {
        const fn = functions.get(slot) ?? functionOf(binding.signature, variant, slot);
        for (let i = 0; i < slot.args.length; i++) {
          const arg = slot.args[i];
          if (arg !== undefined) encode(words, i * wordsPerArg, binding, arg, variant, scratch);
        }
        const asked = request?.(binding, variant, slot) ?? noNumbers;
        for (let i = 0; i < asked.length; i++) encodeInteger(words, (slot.args.length + i) * wordsPerArg, asked[i] ?? 0);
        thread.launch(fn, slot.args.length + asked.length, gridBlocks(binding, slot));
      }
    } finally {
      // Whoever gets this memory next queues behind these launches.
      for (const block of scratch) scratchMemory.give(block);
    }
  };
  const recorded = (work: () => void): void => {
    scratchMemory.beginSharing();
    try {
      work();
    } finally {
      scratchMemory.endSharing();
    }
  };
  return { launch, recorded };
}

/** Blocks are counted in an i32, on a GPU by the driver and in the generated text. Throws R013 for more. */
function gridBlocks(b: Binding, slot: LaunchSlot): number {
  const { grid } = slot;
  const blocks = blockCount(b, grid);
  if (blocks <= 0x7fffffff) return startedBlocks(b, slot);
  const axes = grid.map(({ axis, block }) => `${b.signature.axes[axis]?.name ?? 'parts'} ${b.sizes[axis]} by ${block}`).join(', ');
  throw new RuntimeError('R013', `${blocks} blocks (${axes}) are more than a launch counts`, { where: `kernel '${b.signature.name}'`, remedy: 'launch it on slices' });
}

const noScratch: readonly BlockId[] = [];
const noNumbers: readonly number[] = [];

function takeScratch(memory: Scratch, binding: Binding, variant: VariantSlot): readonly BlockId[] {
  if (variant.scratch.length === 0) return noScratch;
  const blocks: BlockId[] = [];
  try {
    for (const s of variant.scratch) blocks.push(memory.take(scratchBytes(binding, s)));
  } catch (error) {
    for (const block of blocks) memory.give(block);
    throw error;
  }
  return blocks;
}
