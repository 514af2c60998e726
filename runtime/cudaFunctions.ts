import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Manifest, TargetName } from '../dsl/manifest.js';
import type { Addon, NativeModule, NativeThread } from './addon.js';
import { RuntimeError } from './error.js';
import type { UsableGpu } from './gpu.js';
import type { FunctionLoader } from './launcher.js';

/** `sm_80`: code for every GPU; its files have machine code for some architectures and, for the rest, what the driver compiles. `sm_90a`: what only GPUs of compute capability 9.0 have. */
export type CudaTarget = Exclude<TargetName, 'cpu'>;

/**
 * Whose kernels a GPU runs, the best first; without `wanted` the best it can. Throws R114 where it cannot run what is wanted.
 * A driver may lack tensor maps: kernels for sm_90a take them.
 */
export function cudaTargets({ driver, gpu }: Pick<UsableGpu, 'driver' | 'gpu'>, wanted?: CudaTarget): readonly [CudaTarget, ...CudaTarget[]] {
  const hasMaps = driver.hasTensorMaps();
  const isHopper = gpu.major === 9 && gpu.minor === 0;
  if (wanted === 'sm_90a' && !(isHopper && hasMaps)) {
    const why = isHopper ? 'this GPU driver has no cuTensorMapEncodeTiled' : `${gpu.name} has ${gpu.major}.${gpu.minor}`;
    throw new RuntimeError('R114', `kernels for sm_90a run on GPUs of compute capability 9.0: ${why}`, { remedy: 'leave out target: the best that runs is taken' });
  }
  return isHopper && hasMaps && wanted !== 'sm_80' ? ['sm_90a', 'sm_80'] : ['sm_80'];
}

/** Where a GPU's functions come from. */
export interface CudaFunctionOptions { readonly native: Addon; readonly thread: NativeThread; readonly kernelsDir: string; /** Whether launches that wait themselves may begin early. */ readonly beginsEarly: boolean }

/** Functions from the .fatbin files that `warpfold build` made, each file loaded into the device once. */
export function cudaFunctions({ native, thread, kernelsDir, beginsEarly }: CudaFunctionOptions): FunctionLoader {
  const modules = new Map<string, NativeModule>();
  return ({ name, label, source, argNames }, { spec }) => {
    const path = fatbinPath(kernelsDir, spec.file);
    if (!existsSync(path)) throw new RuntimeError('R112', `kernel '${name}' has not been built for CUDA: there is no ${path}`, { remedy: 'put nvcc on the PATH and run `warpfold build`' });
    const module = modules.get(path) ?? new native.CudaModule(thread, path);
    modules.set(path, module);
    return thread.resolve(module, spec.symbol, label, source, spec.threads, spec.sharedBytes, argNames, beginsEarly && spec.awaits === true);
  };
}

/** The file made from a generated source: name.fatbin from cuda/name.sm_80.cu, name.sm_90a.fatbin from cuda/name.sm_90a.cu. */
const fatbinPath = (kernelsDir: string, file: string): string => resolve(kernelsDir, 'cuda', `${basename(file, '.cu').replace(/\.sm_80$/, '')}.fatbin`);

/** Kernels of the manifest that cannot run where these targets do: compiled for none of them, or a file of theirs not built. */
export function missingOnCuda(manifest: Manifest, kernelsDir: string, targets: readonly TargetName[]): readonly string[] {
  return Object.entries(manifest.kernels).flatMap(([name, { variants }]) => {
    const files = variants.filter((v) => targets.includes(v.target)).flatMap((v) => v.launches.map((l) => fatbinPath(kernelsDir, l.file)));
    return files.length > 0 && [...new Set(files)].every((f) => existsSync(f)) ? [] : [name];
  });
}
