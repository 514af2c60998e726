import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../../dsl/manifest.js';
import { addonOf, buildAddon } from '../addon.js';
import { build, type CpuIsa, cpuIsas } from '../build.js';
import { buildCuda, type BuiltFatbin, hasNvcc } from '../buildCuda.js';
import { manifestOf } from '../emit/manifest.js';
import { checkSass, hasCuobjdump } from '../sass.js';
import { CommandError } from './failure.js';
import { progress } from './progress.js';
import { resourceTable } from './resourceTable.js';

export interface BuildCommandOptions { readonly generated?: string; readonly out?: string; readonly isa: 'native' | 'all'; readonly checkSass?: boolean }

/** Where sources come from and what they become goes. */
interface Places { readonly generated: string; readonly out: string }

/** Compiles generated sources into what the runtime loads; without options, this package's own kernels into its own build folder. Where the package came without an addon that loads here, that first. */
export async function buildKernels(options: BuildCommandOptions): Promise<void> {
  const generated = options.generated ?? join(packageRoot(), 'kernels-generated');
  const out = options.out ?? join(packageRoot(), 'build', 'kernels');
  if (!existsSync(join(generated, 'manifest.ts'))) throw new CommandError(`${generated} has no manifest.ts: it was not written by \`warpfold compile\``);
  if (!(await addonLoads())) {
    process.stderr.write('building the addon\n');
    await buildAddon(packageRoot());
    process.stdout.write(`built the addon, ${addonOf(packageRoot())}\n`);
  }
  await forCpu({ generated, out }, options.isa === 'all' ? cpuIsas : await nativeIsa());
  const built = await forCuda({ generated, out });
  if (built.length > 0) process.stdout.write(resourceTable(Object.values(manifestIn(generated).kernels).flatMap((k) => k.variants).flatMap((v) => v.launches), new Map(built.map((b) => [b.file, b.functions]))));
  if (options.checkSass) await checkMachineCode({ generated, out });
  else await warnOfMachineCode({ generated, out }, built);
}

/** Says how many kernels have machine code for Hopper that is what it was meant to be. Throws CommandError for one that is not, and BuildError. */
async function checkMachineCode(places: Places): Promise<void> {
  const checked = await checkSass(manifestIn(places.generated), places);
  const faults = checked.flatMap((c) => c.faults);
  if (faults.length > 0) throw new CommandError(`machine code for sm_90a is not what it was meant to be\n${faults.map((f) => `  ${f}`).join('\n')}`);
  const kernels = checked.length === 1 ? '1 kernel' : `${checked.length} kernels`;
  process.stdout.write(checked.length === 0 ? 'no kernel has code for sm_90a\n' : `machine code for sm_90a of ${kernels}: boxes and products of warpgroups where they were meant, nothing in local memory\n`);
}

/** Warns of what was compiled for Hopper alone and is not what it was meant to be; says once where that cannot be seen. It runs all the same, only slower. */
async function warnOfMachineCode(places: Places, built: readonly BuiltFatbin[]): Promise<void> {
  const only = built.map((b) => b.file).filter((file) => file.endsWith('.sm_90a.cu'));
  if (only.length === 0) return;
  if (!(await hasCuobjdump())) {
    process.stderr.write('machine code for sm_90a was not looked at: cuobjdump is not on the PATH\n');
    return;
  }
  const checked = await checkSass(manifestIn(places.generated), { ...places, only });
  for (const fault of checked.flatMap((c) => c.faults)) process.stderr.write(`warning: machine code for sm_90a: ${fault}\n`);
}

/** One that is for another system or a newer C library is there and does not load. */
async function addonLoads(): Promise<boolean> {
  const { addon } = await import('../../runtime/addon.js');
  try {
    addon();
    return true;
  } catch {
    return false;
  }
}

async function forCpu(places: Places, isas: readonly CpuIsa[]): Promise<void> {
  const bar = progress('g++');
  try {
    const { built, fresh } = await build({ ...places, isas, progress: bar.update });
    process.stdout.write(`${built.length} libraries compiled, ${fresh.length} were up to date, in ${places.out}\n`);
  } finally {
    bar.stop();
  }
}

/** Compiles CUDA sources where nvcc is, and gives what it compiled; elsewhere says so in one line. Throws BuildError. */
export async function forCuda(places: Places): Promise<readonly BuiltFatbin[]> {
  if (!(await hasNvcc())) {
    process.stderr.write('CUDA kernels were skipped: nvcc is not on the PATH\n');
    return [];
  }
  const bar = progress('nvcc');
  try {
    const { built, fresh, warnings } = await buildCuda({ ...places, progress: bar.update });
    bar.stop();
    process.stdout.write(`${built.length} CUDA kernels compiled, ${fresh.length} were up to date, in ${places.out}\n`);
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    return built;
  } finally {
    bar.stop();
  }
}

const manifestIn = (generated: string): Manifest => manifestOf(readFileSync(join(generated, 'manifest.ts'), 'utf8'));

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
