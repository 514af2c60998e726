import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type CpuIsa, cpuIsas } from '../build.js';
import { CommandError } from './failure.js';
import { progress } from './progress.js';

export interface BuildCommandOptions { readonly generated?: string; readonly out?: string; readonly isa: 'native' | 'all' }

/** Compiles generated sources into libraries; without options, this package's own kernels into its own build folder. */
export async function buildKernels(options: BuildCommandOptions): Promise<void> {
  const generated = options.generated ?? join(packageRoot(), 'kernels-generated');
  const out = options.out ?? join(packageRoot(), 'build', 'kernels');
  if (!existsSync(join(generated, 'manifest.ts'))) throw new CommandError(`${generated} has no manifest.ts: it was not written by \`warpfold compile\``);
  const bar = progress('g++');
  try {
    const { built, fresh } = await build({ generated, out, isas: options.isa === 'all' ? cpuIsas : await nativeIsa(), progress: bar.update });
    process.stdout.write(`${built.length} libraries compiled, ${fresh.length} were up to date, in ${out}\n`);
  } finally {
    bar.stop();
  }
}

/** The most capable instruction set of this processor. Throws CommandError on one that kernels are not generated for. */
export async function nativeIsa(): Promise<readonly CpuIsa[]> {
  const { addon } = await import('../../runtime/addon.js');
  const cpu = addon().processor();
  if ('why' in cpu) throw new CommandError(`${cpu.name}: ${cpu.why}`);
  return cpuIsas.filter((isa) => isa === cpu.instructionSet);
}

/** The folder with package.json above this file, whether it runs from sources or compiled. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
