import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Addon, InstructionSet, NativeModule, NativeThread } from './addon.js';
import { RuntimeError } from './error.js';
import type { FunctionLoader } from './launcher.js';
import type { LaunchSlot } from './signature.js';

/** Where the CPU's functions come from; `best` is the best instruction set the processor has. */
export interface CpuFunctionOptions { readonly native: Addon; readonly thread: NativeThread; readonly kernelsDir: string; readonly best: InstructionSet }

/** Functions from the kernel libraries that `warpfold build` made, each library loaded once. */
export function cpuFunctions({ native, thread, kernelsDir, best }: CpuFunctionOptions): FunctionLoader {
  const libraries = new Map<string, NativeModule>();
  return ({ name, label }, slot) => {
    const path = libraryPath(kernelsDir, best, slot, name);
    const library = libraries.get(path) ?? new native.CpuModule(path);
    libraries.set(path, library);
    return thread.resolve(library, slot.spec.symbol, label);
  };
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
