import type { Device } from '../../runtime/device.js';
import { compileFiles } from '../compile.js';
import { type CompiledDevice, openCompiled, targetsOf } from './openCompiled.js';
import { schedulesFor } from './schedules.js';

export type { CompiledDevice } from './openCompiled.js';

/** `device`: where the kernels are to run; the processor unless said. The emulator runs their CUDA text without a GPU. */
export interface OpenKernelsOptions { readonly device?: CompiledDevice }

/**
 * From TypeScript files to kernels that run: compiles their exported kernels, builds them (what was built before is left
 * alone) and opens the device, on which `launch` knows them by name. For development: what ships is compiled and built before,
 * and opened with `openCpu` or `openCuda` of the runtime. Dispose the device at the end. Throws CompileError for mistakes in
 * the files, BuildError without g++ (nvcc for `cuda`), and RuntimeError without the addon or a GPU.
 * @example
 * await using device = await openKernels(['src/scaled.ts']);
 * device.launch('scaled', { x }, { out });
 */
export async function openKernels(files: readonly string[], { device = 'cpu' }: OpenKernelsOptions = {}): Promise<Device> {
  return openCompiled(device, compileFiles(files, await targetsOf(device), { schedules: schedulesFor(files) }));
}
