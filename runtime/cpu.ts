import { availableParallelism } from 'node:os';
import type { Manifest } from '../dsl/manifest.js';
import { addon } from './addon.js';
import { cpuFunctions } from './cpuFunctions.js';
import type { Device } from './device.js';
import { RuntimeError } from './error.js';
import { createLauncher } from './launcher.js';
import { nativeDevice } from './nativeDevice.js';

/** How the processor is opened. */
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
  const cpu = native.processor();
  if ('why' in cpu) throw new RuntimeError('R001', `${cpu.name} cannot run kernels: ${cpu.why}`);
  const threads = options.threads ?? defaultThreads();
  const thread = new native.DeviceThread(threads);
  const load = cpuFunctions({ native, thread, kernelsDir: options.kernelsDir, best: cpu.instructionSet });
  return nativeDevice({
    kind: 'cpu', thread,
    description: `${cpu.name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${cpu.instructionSet}`,
    launcher: createLauncher({ thread, manifest: options.manifest, targets: ['cpu'], processors: 1, load }),
  });
}

function defaultThreads(): number {
  const wanted = Number(process.env.OMP_NUM_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}
