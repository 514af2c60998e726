import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Manifest, TargetName } from '../dsl/manifest.js';
import { addon, type NativeModule } from './addon.js';
import { type Binding, blockCount, scratchBytes } from './binding.js';
import { createLauncher } from './launcher.js';
import type { Device, DeviceTensor } from './device.js';
import { RuntimeError } from './error.js';
import { nativeDevice } from './nativeDevice.js';
import type { ArgSlot, LaunchSlot, VariantSlot } from './signature.js';

/** When an asynchronous copy's bytes land: at the wait that covers it, at its issue, or at some time between. */
export type CopyPolicy = 'late' | 'early' | 'random';

export interface EmulatorOptions {
  readonly manifest: Manifest;
  /** The folder that `buildEmulator` fills: kernels lie in emulator/<kernel>.so below it. */
  readonly kernelsDir: string;
  /** What the order of blocks, warps and lanes follows from; the n-th launch takes seed + n. 0 unless said. */
  readonly seed?: number;
  /** Launches take turns unless said. */
  readonly policy?: CopyPolicy;
  /** Whether unordered accesses to shared memory are looked for; they are unless said. */
  readonly races?: boolean;
}

/**
 * The CUDA text of kernels, run on the processor lane by lane. A launch that breaks a rule of the hardware (races, lanes
 * that part, deadlock, addresses out of bounds or misaligned) rejects the next read or sync with R018 and a report of
 * lines and seed. What is allocated starts as NaN. Throws R001 without the addon.
 */
export function openEmulator(options: EmulatorOptions): Device {
  const native = addon();
  const thread = new native.DeviceThread(1);
  let launches = 0;
  const libraries = new Map<string, NativeModule>();
  const libraryAt = (path: string): NativeModule => {
    const library = libraries.get(path) ?? new native.CpuModule(path);
    libraries.set(path, library);
    return library;
  };
  const launcher = createLauncher({
    // A few processors, so that small shapes are split like large ones are on a device.
    thread, manifest: options.manifest, target: emulatedTarget, processors: 4,
    load: ({ name, label }, slot) => thread.resolve(libraryAt(emulatedLibrary(options.kernelsDir, slot, name)), slot.spec.symbol, label),
    request: (binding, variant, slot) => requestWords(binding, variant, slot, options, launches++),
    prepareScratch: (block, bytes) => thread.write(block, 0, unwritten(bytes)),
  });
  const device = nativeDevice({ kind: 'emulator', description: `emulated ${emulatedTarget}, seed ${options.seed ?? 0}`, thread, launcher });
  return {
    ...device,
    alloc(dtype, shape) {
      const tensor: DeviceTensor<typeof dtype> = device.alloc(dtype, shape);
      device.write(tensor, unwritten(tensor.byteLength));
      return tensor;
    },
  };
}

/** Whose text is run. */
export const emulatedTarget: TargetName = 'sm_80';

const unwritten = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xff);

/** Where the library of a kernel's file lies. */
export const emulatedPath = (kernelsDir: string, file: string): string => resolve(kernelsDir, 'emulator', `${basename(file, `.${emulatedTarget}.cu`)}.so`);

function emulatedLibrary(kernelsDir: string, slot: LaunchSlot, kernel: string): string {
  const path = emulatedPath(kernelsDir, slot.spec.file);
  if (!existsSync(path)) throw new RuntimeError('R112', `kernel '${kernel}' has not been built for the emulator: there is no ${path}`, { remedy: 'call buildEmulator' });
  return path;
}

const policies: readonly CopyPolicy[] = ['late', 'early', 'random'];

/** What test/emulator/engine/launch.h says a launch is given. */
function requestWords(b: Binding, variant: VariantSlot, slot: LaunchSlot, options: EmulatorOptions, launch: number): Int32Array {
  const policy = options.policy === undefined ? launch % policies.length : policies.indexOf(options.policy);
  return Int32Array.of(blockCount(b, slot.grid), (options.seed ?? 0) + launch, policy, options.races === false ? 0 : 1, ...slot.args.flatMap((a) => argWords(b, variant, a)));
}

function argWords(b: Binding, variant: VariantSlot, { kind, index }: ArgSlot): readonly number[] {
  const array = (access: 1 | 2, bytes: number): readonly number[] => [access, bytes | 0, Math.floor(bytes / 2 ** 32)];
  switch (kind) {
    case 'tensor': return array(b.signature.tensors[index]?.isResult ? 2 : 1, b.byteLengths[index] ?? 0);
    case 'scratch': {
      const spec = variant.scratch[index];
      return array(2, spec === undefined ? 0 : scratchBytes(b, spec));
    }
    case 'offsets': return array(1, ((b.sizes[b.signature.ragged[index]?.by ?? 0] ?? 0) + 1) * Int32Array.BYTES_PER_ELEMENT);
    case 'scalar': case 'size': return [0, 0, 0];
    default: return kind satisfies never;
  }
}
