import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../build.js';
import { CommandError } from './failure.js';
import { progress } from './progress.js';

/** Compiles generated sources into libraries; without options, this package's own kernels into its own build folder. */
export async function buildKernels(options: { readonly generated?: string; readonly out?: string }): Promise<void> {
  const generated = options.generated ?? join(packageRoot(), 'kernels-generated');
  const out = options.out ?? join(packageRoot(), 'build', 'kernels');
  if (!existsSync(join(generated, 'manifest.ts'))) throw new CommandError(`${generated} has no manifest.ts: it was not written by \`warpfold compile\``);
  const bar = progress('g++');
  try {
    const { built, fresh } = await build({ generated, out, progress: bar.update });
    process.stdout.write(`${built.length} libraries compiled, ${fresh.length} were up to date, in ${out}\n`);
  } finally {
    bar.stop();
  }
}

/** The folder with package.json above this file, whether it runs from sources or compiled. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
