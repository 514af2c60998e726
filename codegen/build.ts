import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError, compiler, inParallel, isFresh, stampOf } from './compilers.js';

/** Instruction sets a CPU kernel is compiled for, most capable first; the runtime loads the first that the processor has. */
export const cpuIsas = ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'] as const;
export type CpuIsa = (typeof cpuIsas)[number];

/**
 * Flags of every CPU kernel. No -ffast-math: infinities, NaN and signed zeros mean what they mean. Nothing but the
 * launches is exported.
 */
export const cpuFlags = (isa: CpuIsa): readonly string[] => [
  '-O3', '-std=c++17', `-march=${isa}`, '-fopenmp', '-fPIC', '-shared', '-fvisibility=hidden', '-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast',
  // The default for v4 is to use half of a register.
  ...(isa === 'x86-64-v4' ? ['-mprefer-vector-width=512'] : []),
  '-Wall', '-Wextra', '-Wno-unknown-pragmas',
];

/** What to compile for the processor, and where to. */
export interface BuildOptions {
  /** The folder that holds `cpu/*.cpp`. */
  readonly generated: string;
  /** Libraries go to `<out>/cpu/<isa>/<kernel>.so`. */
  readonly out: string;
  readonly isas?: readonly CpuIsa[];
  /** Only these kernels; all there are unless said. */
  readonly kernels?: readonly string[];
  /** Called after every compilation: how many are done, of how many. */
  readonly progress?: (done: number, all: number) => void;
}
/** Paths of the libraries that were compiled, and of those that were up to date. */
export interface BuildReport { readonly built: readonly string[]; readonly fresh: readonly string[] }

interface Job { readonly source: string; readonly library: string; readonly isa: CpuIsa; readonly stamp: string }

/**
 * Compiles the generated CPU sources, every one once per instruction set, as many at a time as there are cores. What
 * has the same source, headers and flags as last time is left alone. Throws a BuildError when g++ is missing or fails.
 */
export async function build(options: BuildOptions): Promise<BuildReport> {
  const include = installHeaders(options.out);
  const jobs = jobsOf(options, include);
  const todo = jobs.filter((j) => !isFresh(j.library, j.stamp));
  let done = 0;
  await inParallel([...new Set(todo.map((j) => j.isa))], async (isa) => { await deviceObject(isa, include); });
  await inParallel(todo, async (j) => {
    mkdirSync(dirname(j.library), { recursive: true });
    await compileCpu(j.source, j.library, j.isa, include);
    writeFileSync(stampOf(j.library), j.stamp);
    options.progress?.(++done, todo.length);
  });
  return { built: todo.map((j) => j.library), fresh: jobs.filter((j) => !todo.includes(j)).map((j) => j.library) };
}

function jobsOf(options: BuildOptions, include: string): readonly Job[] {
  const folder = join(options.generated, 'cpu');
  const all = existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith('.cpp')).sort() : [];
  const sources = all.filter((f) => options.kernels?.includes(basename(f, '.cpp')) ?? true);
  const headers = headerTexts(include);
  return sources.flatMap((f) => (options.isas ?? cpuIsas).map((isa): Job => {
    const source = join(folder, f);
    const stamp = createHash('sha256').update([headers, readFileSync(source, 'utf8'), ...cpuFlags(isa)].join('\0')).digest('hex');
    return { source, library: join(options.out, 'cpu', isa, `${basename(f, '.cpp')}.so`), isa, stamp };
  }));
}

/** Copies the device headers to `<out>/include/cpu`, `cpu.h` as the `device.h` that generated text includes, and returns that folder. */
export function installHeaders(out: string): string {
  const include = join(out, 'include', 'cpu');
  const from = join(packageRoot(), 'codegen', 'device');
  mkdirSync(join(include, 'cpu'), { recursive: true });
  for (const f of readdirSync(join(from, 'cpu'))) install(join(from, 'cpu', f), join(include, 'cpu', f));
  install(join(from, 'cpu.h'), join(include, 'device.h'));
  return include;
}

/** A file that another process may be compiling right now is replaced whole, and only when it changed. */
export function install(from: string, to: string): void {
  const text = readFileSync(from);
  if (existsSync(to) && readFileSync(to).equals(text)) return;
  writeFileSync(`${to}.${process.pid}`, text);
  renameSync(`${to}.${process.pid}`, to);
}

/** Everything of the device that a library's text depends on. */
export const headerTexts = (include: string): string =>
  ['device.h', ...readdirSync(join(include, 'cpu')).filter((f) => /\.(h|cpp)$/.test(f)).sort().map((f) => join('cpu', f))].map((f) => readFileSync(join(include, f), 'utf8')).join('\0');

/** The folder of this package, whether it runs from sources or compiled. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'codegen', 'device', 'cpu.h'))) {
    if (folder === dirname(folder)) throw new BuildError('the device headers (codegen/device) are missing from the package; install it again');
    folder = dirname(folder);
  }
  return folder;
}

/** One source to one library. Throws a BuildError with the compiler's own words when it fails. */
export async function compileCpu(source: string, library: string, isa: CpuIsa, include: string): Promise<void> {
  await gxx([...cpuFlags(isa), `-I${include}`, source, await deviceObject(isa, include)], library);
}

/** The part of the device that is compiled once per instruction set and linked into every library. */
async function deviceObject(isa: CpuIsa, include: string): Promise<string> {
  const source = join(include, 'cpu', 'mma.cpp');
  const stamp = createHash('sha256').update([headerTexts(include), ...cpuFlags(isa)].join('\0')).digest('hex').slice(0, 16);
  const object = join(dirname(include), `device-${isa}-${stamp}.o`);
  if (!existsSync(object)) await gxx([...cpuFlags(isa).filter((f) => f !== '-shared'), '-c', source], object);
  return object;
}

/** Runs g++. The output appears whole or not at all: another process may be about to load it. */
export async function gxx(args: readonly string[], output: string): Promise<void> {
  // This process may be about to compile the same file twice.
  const partial = `${output}.${randomUUID()}`;
  await compiler('g++', [...args, '-o', partial], 'g++ was not found; it compiles kernels for the CPU. Install it: apt-get install g++');
  renameSync(partial, output);
}

/** The folder that generated `.cu` files include `device.cuh` from. */
export const cudaHeaders = (): string => join(packageRoot(), 'codegen', 'device');

/** Checks that nvcc accepts a generated `.cu`, leaving a cubin for `arch` (80 or 90a) at `output`. */
export async function compileCuda(source: string, output: string, arch: '80' | '90a', include: string): Promise<void> {
  const flags = ['-std=c++17', '-cubin', `-gencode=arch=compute_${arch},code=sm_${arch}`, `-I${include}`, '-Werror=all-warnings'];
  await compiler('nvcc', [...flags, source, '-o', output], 'nvcc was not found; it compiles kernels for CUDA. Install the CUDA toolkit 13.0 or later and put nvcc on the PATH');
}
