import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Manifest, TargetName } from '../dsl/manifest.js';
import type { Addon, NativeModule, NativeThread } from './addon.js';
import { RuntimeError } from './error.js';
import type { FunctionLoader } from './launcher.js';

/** The manifest's target for every GPU: a file has machine code for some architectures and, for the rest, what the driver compiles. */
export const cudaTarget = 'sm_80' satisfies TargetName;

/** Where a GPU's functions come from. */
export interface CudaFunctionOptions { readonly native: Addon; readonly thread: NativeThread; readonly kernelsDir: string }

/** Functions from the .fatbin files that `warpfold build` made, each file loaded into the device once. */
export function cudaFunctions({ native, thread, kernelsDir }: CudaFunctionOptions): FunctionLoader {
  const modules = new Map<string, NativeModule>();
  return ({ name, label, source }, { spec }) => {
    const path = fatbinPath(kernelsDir, spec.file);
    if (!existsSync(path)) throw new RuntimeError('R112', `kernel '${name}' has not been built for CUDA: there is no ${path}`, { remedy: 'put nvcc on the PATH and run `warpfold build`' });
    const module = modules.get(path) ?? new native.CudaModule(thread, path);
    modules.set(path, module);
    return thread.resolve(module, spec.symbol, label, source, spec.threads, spec.sharedBytes);
  };
}

/** The file made from a generated source such as cuda/name.sm_80.cu. */
const fatbinPath = (kernelsDir: string, file: string): string => resolve(kernelsDir, 'cuda', `${basename(file, `.${cudaTarget}.cu`)}.fatbin`);

/** Kernels of the manifest that cannot run on a GPU: not compiled for CUDA, or their file not built. */
export function missingOnCuda(manifest: Manifest, kernelsDir: string): readonly string[] {
  return Object.entries(manifest.kernels).flatMap(([name, { variants }]) => {
    const files = variants.filter((v) => v.target === cudaTarget).flatMap((v) => v.launches.map((l) => fatbinPath(kernelsDir, l.file)));
    return files.length > 0 && [...new Set(files)].every((f) => existsSync(f)) ? [] : [name];
  });
}
