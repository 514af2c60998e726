import { type KernelSource, readKernels } from '../frontend/project.js';
import { noKernel } from './check.js';
import { CommandError } from './failure.js';
import { namesOf } from './kernelNames.js';
import { oneFile } from './sourceFiles.js';

/** The kernels of a file, or the one that is asked for. Throws CommandError where there is none, naming those there are. */
export function kernelsOf(file: string, name: string | undefined): readonly [KernelSource, ...KernelSource[]] {
  const all = readKernels([oneFile(file)]);
  const [first, ...rest] = name === undefined ? all : all.filter((k) => k.name === name);
  if (first !== undefined) return [first, ...rest];
  throw new CommandError(name === undefined ? noKernel([file]) : `${file} has no kernel '${name}'; it has ${namesOf(all, name)}`);
}
