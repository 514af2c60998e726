import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Manifest } from '../dsl/manifest.js';
import { type Addon, addon, type NativeModule, type NativeThread } from './addon.js';
import { type Binding, scratchBytes, startedBlocks } from './binding.js';
import type { Device } from './device.js';
import { RuntimeError } from './error.js';
import type { CudaTarget } from './cudaFunctions.js';
import { createLauncher, type FunctionLoader } from './launcher.js';
import { nativeDevice } from './nativeDevice.js';
import type { ArgSlot, LaunchSlot, VariantSlot } from './signature.js';

/** When an asynchronous copy's bytes land: at the wait that covers it, at its issue, or at some time between. */
export type CopyPolicy = 'late' | 'early' | 'random';

/** Which kernels the emulator runs, and how. */
export interface EmulatorOptions {
  readonly manifest: Manifest;
  /** The folder that `buildEmulator` fills: kernels lie in emulator/<kernel>.so below it. */
  readonly kernelsDir: string;
  /** What the order of blocks, warps and lanes follows from; the n-th launch takes seed + n. 0 unless said. */
  readonly seed?: number;
  /** Launches take turns unless said. */
  readonly policy?: CopyPolicy;
  /** Whether unordered accesses to shared memory, and reads of what nobody wrote, are looked for; they are unless said. */
  readonly races?: boolean;
  /** Multiprocessors that an axis shared by several blocks is split for. 4 unless said: small shapes are split like large ones on a GPU. */
  readonly processors?: number;
  /** Whose text is run: `sm_80`, unless said; `sm_90a` where a kernel has such text that serves the call, else that for `sm_80`. */
  readonly target?: CudaTarget | undefined;
}

/**
 * The CUDA text of kernels, run on the processor lane by lane. A launch that breaks a rule of the hardware (races, lanes
 * that part, deadlock, addresses out of bounds or misaligned) rejects the next read or sync with R018 and a report of
 * lines and seed. What is allocated starts as NaN. Throws R001 without the addon.
 */
export function openEmulator(options: EmulatorOptions): Device {
  const native = addon();
  const thread = new native.DeviceThread(1);
  const { target = 'sm_80' } = options;
  let launches = 0;
  const launcher = createLauncher({
    thread, manifest: options.manifest, targets: target === 'sm_90a' ? ['sm_90a', 'sm_80'] : ['sm_80'], processors: options.processors ?? 4,
    load: emulatedFunctions(native, thread, options.kernelsDir),
    request: (binding, variant, slot) => requestWords(binding, variant, slot, options, launches++),
  });
  const device = nativeDevice({ kind: 'emulator', description: `emulated ${target}, seed ${options.seed ?? 0}`, thread, launcher });
  return {
    ...device,
    alloc(dtype, shape) {
      const tensor = device.alloc(dtype, shape);
      device.write(tensor, new Uint8Array(tensor.byteLength).fill(0xff));
      return tensor;
    },
  };
}

/** Functions from the libraries that `buildEmulator` made, each loaded once. */
function emulatedFunctions(native: Addon, thread: NativeThread, kernelsDir: string): FunctionLoader {
  const libraries = new Map<string, NativeModule>();
  return ({ name, label }, { spec }) => {
    const path = resolve(kernelsDir, 'emulator', `${basename(spec.file, '.cu').replace(/\.sm_80$/, '')}.so`);
    if (!existsSync(path)) throw new RuntimeError('R112', `kernel '${name}' has not been built for the emulator: there is no ${path}`, { remedy: 'call buildEmulator' });
    const library = libraries.get(path) ?? new native.CpuModule(path);
    libraries.set(path, library);
    return thread.resolve(library, spec.symbol, label);
  };
}

const policies: readonly CopyPolicy[] = ['late', 'early', 'random'];

/** What test/emulator/engine/launch.h says a launch is given. */
function requestWords(b: Binding, variant: VariantSlot, slot: LaunchSlot, options: EmulatorOptions, launch: number): readonly number[] {
  const policy = options.policy === undefined ? launch % policies.length : policies.indexOf(options.policy);
  return [startedBlocks(b, slot), ((options.seed ?? 0) + launch) | 0, policy, options.races === false ? 0 : 1, ...slot.args.map((a) => argWord(b, variant, slot, a))];
}

const number = 0;
const read = 1;
const write = 2;
const writeAnew = 3;
/** The bytes of an array stand beside two bits of what is done to it. */
const mostBytes = 2 ** 30;

function argWord(b: Binding, variant: VariantSlot, slot: LaunchSlot, { kind, index }: ArgSlot): number {
  const array = (access: number, bytes: number): number => {
    if (bytes >= mostBytes) throw new RuntimeError('R014', `an array of ${bytes} bytes is too much for the emulator`, { where: `kernel '${b.signature.name}'` });
    return (bytes * 4 + access) | 0;
  };
  switch (kind) {
    case 'tensor': case 'map': return array(b.signature.tensors[index]?.isResult ? write : read, b.byteLengths[index] ?? 0);
    case 'scratch': {
      const spec = variant.scratch[index];
      return array(slot === variant.launches[0] ? writeAnew : write, spec === undefined ? 0 : scratchBytes(b, spec));
    }
    case 'offsets': return array(read, ((b.sizes[b.signature.ragged[index]?.by ?? 0] ?? 0) + 1) * Int32Array.BYTES_PER_ELEMENT);
    case 'scalar': case 'size': return number;
    default: return kind satisfies never;
  }
}
