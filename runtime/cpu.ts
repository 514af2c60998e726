import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Manifest } from '../dsl/manifest.js';
import { addon, type InstructionSet } from './addon.js';
import { createLauncher } from './cpuLaunch.js';
import type { Device } from './device.js';
import { RuntimeError } from './error.js';
import { hostDevice } from './hostDevice.js';
import type { LaunchSlot } from './signature.js';

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
  const launcher = createLauncher({ native, thread, manifest: options.manifest, target: 'cpu', libraryPath: (slot, kernel) => libraryPath(options.kernelsDir, cpu.instructionSet, slot, kernel) });
  return hostDevice({ kind: 'cpu', description: `${cpu.name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${cpu.instructionSet}`, thread, launcher });
}

function defaultThreads(): number {
  const wanted = Number(process.env.OMP_NUM_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
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
