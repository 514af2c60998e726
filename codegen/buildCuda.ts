import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cudaHeaders } from './build.js';
import { BuildError, compiler, inParallel, isFresh, stampOf, versionOf } from './compilers.js';
import { type FunctionResources, lostSpeed, parsePtxas, type PtxasReport, spills } from './ptxas.js';

/** A generated text by the end of its name: the end of the file that is made of it, and what for. */
interface Kind { readonly suffix: string; readonly fatbin: string; readonly code: readonly string[]; /** What ptxas gives up on is an error. */ readonly isStrict: boolean }

const kinds: readonly Kind[] = [
  // From Ampere on: machine code for the architectures kernels are tuned for, and PTX that a driver compiles for all later ones.
  { suffix: '.sm_80.cu', fatbin: '.fatbin', code: ['arch=compute_80,code=sm_80', 'arch=compute_90a,code=sm_90a', 'arch=compute_80,code=compute_80'], isStrict: false },
  // Of Hopper alone: PTX for it runs nowhere else.
  { suffix: '.sm_90a.cu', fatbin: '.sm_90a.fatbin', code: ['arch=compute_90a,code=sm_90a'], isStrict: true },
];
const kindOf = (path: string): Kind | undefined => kinds.find((k) => path.endsWith(k.suffix));
const kernelOf = (path: string): string => basename(path, kindOf(path)?.suffix);

/** The file below the output folder that a generated text becomes: cuda/name.fatbin of cuda/name.sm_80.cu. */
export const fatbinOf = (path: string): string => join('cuda', `${kernelOf(path)}${kindOf(path)?.fatbin ?? ''}`);

/** Line tables cost nothing where code runs; they name what the text says of its lines. */
const flagsOf = (kind: Kind, text: string, only?: string): readonly string[] => ['-std=c++17', '-fatbin', ...codeFor(kind, only).flatMap((c) => ['-gencode', c]), '-Xptxas', '-v', ...(/^#line /m.test(text) ? ['-lineinfo'] : [])];
const codeFor = ({ code }: Kind, only: string | undefined): readonly string[] => { const own = code.filter((c) => c.endsWith(`code=${only}`)); return own.length > 0 ? own : code; };
const missing = 'nvcc was not found; it compiles kernels for CUDA. Install the CUDA toolkit 13.0 or later and put nvcc on the PATH';

/** What to compile with nvcc, and where to. */
export interface CudaBuildOptions {
  /** The folder that holds `cuda/*.sm_80.cu` and `cuda/*.sm_90a.cu`. */
  readonly generated: string;
  /** Files go to `<out>/cuda/<kernel>.fatbin`, those for sm_90a to `<kernel>.sm_90a.fatbin`; beside each what ptxas says of its functions, `.json`, and what the compiler warns of, `.warnings`. */
  readonly out: string;
  /** Only these kernels; all there are unless said. */
  readonly kernels?: readonly string[];
  /** Machine code for this architecture alone, as `sm_90a`, where the texts have any for it: what is compiled for one device to be tried out. */
  readonly architecture?: string | undefined;
  /** Called after every compilation: how many are done, of how many. */
  readonly progress?: (done: number, all: number) => void;
}

/** A file that was compiled, the text it was made of (under the generated folder, as the manifest names it), and what ptxas says of its functions. */
export interface BuiltFatbin { readonly path: string; readonly file: string; readonly functions: readonly FunctionResources[] }
/** `warnings`: registers that were spilled to memory, and what nvcc and ptxas warn of. */
export interface CudaBuildReport { readonly built: readonly BuiltFatbin[]; readonly fresh: readonly string[]; readonly warnings: readonly string[] }

interface Job { readonly file: string; readonly kind: Kind; readonly fatbin: string; readonly flags: readonly string[]; readonly stamp: string }

/** Whether kernels for CUDA can be compiled here. */
export const hasNvcc = async (): Promise<boolean> => (await versionOf('nvcc')) !== undefined;

/**
 * Compiles the generated CUDA sources, each into one file, as many at a time as there are cores. What has the same source,
 * headers, flags and compiler as last time is left alone. Throws a BuildError when nvcc is missing or fails, or when
 * ptxas gives up on what makes a text for sm_90a fast.
 */
export async function buildCuda(options: CudaBuildOptions): Promise<CudaBuildReport> {
  const jobs = jobsOf(sourcesIn(options.generated, options.kernels), options.out, (await versionOf('nvcc')) ?? '', options.architecture);
  const todo = jobs.filter((j) => !isUpToDate(j));
  const built: BuiltFatbin[] = [];
  const warnings: string[] = [];
  await inParallel(todo, async (job) => {
    const { functions, warnings: said } = await compileFatbin(job, join(options.generated, job.file));
    built.push({ path: job.fatbin, file: job.file, functions });
    warnings.push(...said, ...spills(functions));
    options.progress?.(built.length, todo.length);
  });
  return { built: built.sort((a, b) => (a.path < b.path ? -1 : 1)), fresh: jobs.filter((j) => !todo.includes(j)).map((j) => j.fatbin), warnings };
}

/**
 * What ptxas said of kernels that were built from these very texts with the nvcc that is here, by the texts' paths; other
 * texts than CUDA's are passed over. `texts` are by path under the generated folder, `out` is as for `buildCuda`.
 */
export async function freshResources(texts: ReadonlyMap<string, string>, out: string): Promise<ReadonlyMap<string, readonly FunctionResources[]>> {
  const jobs = jobsOf(texts, out, '').filter((j) => existsSync(resourcesPath(j.fatbin)));
  const nvcc = jobs.length > 0 ? ((await versionOf('nvcc')) ?? '') : '';
  return new Map(jobsOf(texts, out, nvcc).filter(isUpToDate).map((j) => [j.file, readResources(j.fatbin)]));
}

/** Likewise what nvcc and ptxas warned of, a line each; nothing of kernels that were built before warnings were kept. */
export async function freshWarnings(texts: ReadonlyMap<string, string>, out: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const jobs = jobsOf(texts, out, (await versionOf('nvcc')) ?? '').filter((j) => isUpToDate(j) && existsSync(warningsPath(j.fatbin)));
  return new Map(jobs.map((j) => [j.file, readFileSync(warningsPath(j.fatbin), 'utf8').split('\n').filter((line) => line !== '')]));
}

function sourcesIn(generated: string, kernels?: readonly string[]): ReadonlyMap<string, string> {
  const folder = join(generated, 'cuda');
  const files = existsSync(folder) ? readdirSync(folder).filter(kindOf).sort() : [];
  return new Map(files.filter((f) => kernels?.includes(kernelOf(f)) ?? true).map((f) => [join('cuda', f), readFileSync(join(folder, f), 'utf8')]));
}

function jobsOf(texts: ReadonlyMap<string, string>, out: string, nvcc: string, only?: string): readonly Job[] {
  const headers = headerTexts();
  return [...texts].flatMap(([file, text]): readonly Job[] => {
    const kind = kindOf(file);
    if (kind === undefined) return [];
    const flags = flagsOf(kind, text, only);
    const stamp = createHash('sha256').update([nvcc, headers, text, ...flags].join('\0')).digest('hex');
    return [{ file, kind, fatbin: join(out, fatbinOf(file)), flags, stamp }];
  });
}

const isUpToDate = (j: Job): boolean => isFresh(j.fatbin, j.stamp) && existsSync(resourcesPath(j.fatbin));

/** Everything of the device that a kernel's text depends on. */
function headerTexts(): string {
  const folder = cudaHeaders();
  return ['device.cuh', 'hopper.cuh', ...readdirSync(join(folder, 'cuda')).filter((f) => f.endsWith('.cuh')).sort().map((f) => join('cuda', f))].map((f) => readFileSync(join(folder, f), 'utf8')).join('\0');
}

/** The file appears whole or not at all: another process may be about to load it. */
async function compileFatbin({ fatbin, kind, flags, stamp }: Job, source: string): Promise<PtxasReport> {
  mkdirSync(dirname(fatbin), { recursive: true });
  const report = await (kind.isStrict ? asMeant : leastSpilling)(source, flags, fatbin);
  writeFileSync(warningsPath(fatbin), report.warnings.join('\n'));
  writeFileSync(resourcesPath(fatbin), `${JSON.stringify(report.functions, undefined, 1)}\n`);
  writeFileSync(stampOf(fatbin), stamp);
  return report;
}

/**
 * Registers that spill cost more than instructions in a worse order: what does not fit as ptxas arranges it at its best is
 * compiled once more as it comes, and the better of the two is kept.
 */
async function leastSpilling(source: string, flags: readonly string[], fatbin: string): Promise<PtxasReport> {
  const best = await compiled(source, flags, fatbin);
  const plain = spilledBytes(best.report) > 0 ? await compiled(source, [...flags, '-Xptxas', '-O1'], fatbin) : undefined;
  const [kept, dropped] = plain !== undefined && spilledBytes(plain.report) < spilledBytes(best.report) ? [plain, best] : [best, plain];
  renameSync(kept.partial, fatbin);
  if (dropped !== undefined) rmSync(dropped.partial);
  return kept.report;
}

/** What ptxas serialises or ignores would run, many times slower than it was written to: nobody should find out by the clock. */
async function asMeant(source: string, flags: readonly string[], fatbin: string): Promise<PtxasReport> {
  const { partial, report } = await compiled(source, flags, fatbin);
  const lost = lostSpeed(report);
  if (lost.length > 0) {
    rmSync(partial);
    throw new BuildError(`${source} would not run as it is written:\n${lost.join('\n')}`);
  }
  renameSync(partial, fatbin);
  return report;
}

/** Compiles into a file of its own beside `fatbin`. */
async function compiled(source: string, flags: readonly string[], fatbin: string): Promise<{ readonly partial: string; readonly report: PtxasReport }> {
  const partial = `${fatbin}.${randomUUID()}`;
  return { partial, report: reportOf(await compiler('nvcc', [...flags, `-I${cudaHeaders()}`, source, '-o', partial], missing)) };
}

/** What ptxas says, and with its warnings those of nvcc: each once, whatever architectures it was said for. */
function reportOf(text: string): PtxasReport {
  const { functions, warnings } = parsePtxas(text);
  return { functions, warnings: [...new Set([...text.split('\n').filter((line) => /\): warning #/.test(line)), ...warnings])] };
}

const spilledBytes = ({ functions }: PtxasReport): number => functions.reduce((n, f) => n + f.spillStores + f.spillLoads, 0);

const resourcesPath = (fatbin: string): string => fatbin.replace(/\.fatbin$/, '.json');
const warningsPath = (fatbin: string): string => fatbin.replace(/\.fatbin$/, '.warnings');

// Written by compileFatbin.
const readResources = (fatbin: string): readonly FunctionResources[] => JSON.parse(readFileSync(resourcesPath(fatbin), 'utf8')) as readonly FunctionResources[];
