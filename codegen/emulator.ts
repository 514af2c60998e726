import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LaunchSpec, Manifest, TargetName } from '../dsl/manifest.js';
import { type BuildReport, cudaHeaders, gxx, install, packageRoot } from './build.js';
import { BuildError, inParallel } from './compilers.js';

/** What an emulated launch needs beside its text: what the manifest says of it. */
export type EmulatedLaunch = Pick<LaunchSpec, 'symbol' | 'threads' | 'sharedBytes' | 'awaits'> & { readonly argNames: readonly string[] };

/** What to compile for the emulator, and where to. */
export interface EmulatorBuildOptions {
  readonly manifest: Manifest;
  /** The folder that holds `cuda/*.cu`. */
  readonly generated: string;
  /** Libraries go to `<out>/emulator/<kernel>.so`, those of texts for sm_90a to `<kernel>.sm_90a.so`. */
  readonly out: string;
  /** Whose texts: those for `sm_80`, unless said; with `sm_90a` those for both. */
  readonly target?: Exclude<TargetName, 'cpu'> | undefined;
  /** Where the emulator itself goes, compiled once for all that say the same; `out` unless said. */
  readonly shared?: string | undefined;
  /** The folder of the device headers; the package's own unless said. */
  readonly device?: string | undefined;
  /** Whether kernels tell of their accesses to global memory too, so that races there are found. Slow. */
  readonly globals?: boolean | undefined;
}

/**
 * Compiles the CUDA text of kernels for the emulator, as many at a time as there are cores; what has not changed since
 * last time is left alone. Throws a BuildError when g++ is missing or fails.
 */
export async function buildEmulator({ manifest, generated, out, shared = out, device, target = 'sm_80', globals = false }: EmulatorBuildOptions): Promise<BuildReport> {
  const include = installEmulator(shared, device);
  const engine = await engineObject(include);
  const jobs = [...launchesByFile(manifest, target === 'sm_80' ? [target] : ['sm_80', target])].map(([file, launches]) => ({ source: resolve(generated, file), launches, library: join(out, 'emulator', `${basename(file, '.cu').replace(/\.sm_80$/, '')}.so`) }));
  const built: string[] = [];
  await inParallel(jobs, async (job) => {
    if (await compileEmulated({ ...job, include, engine, globals })) built.push(job.library);
  });
  return { built, fresh: jobs.map((j) => j.library).filter((path) => !built.includes(path)) };
}

/** What each text has to export. */
export function launchesByFile(manifest: Manifest, targets: readonly TargetName[]): ReadonlyMap<string, readonly EmulatedLaunch[]> {
  const byFile = new Map<string, readonly EmulatedLaunch[]>();
  for (const variant of Object.values(manifest.kernels).flatMap((k) => k.variants)) {
    if (!targets.includes(variant.target)) continue;
    for (const l of variant.launches) {
      const argNames = l.args.map((a) => ('name' in a ? a.name : `${a.kind} ${a.axis}`));
      byFile.set(l.file, [...(byFile.get(l.file) ?? []), { symbol: l.symbol, threads: l.threads, sharedBytes: l.sharedBytes, ...(l.awaits ? { awaits: true } : {}), argNames }]);
    }
  }
  return byFile;
}

/**
 * Copies the device headers to `<out>/include/emulator` with the emulator's twins in the place of what only hardware can
 * do, and returns that folder. `device`: where the headers lie, the package's own unless said.
 */
export function installEmulator(out: string, device: string = cudaHeaders()): string {
  const include = join(out, 'include', 'emulator');
  const twin = join(packageRoot(), 'test', 'emulator');
  for (const folder of ['cuda', 'engine']) mkdirSync(join(include, folder), { recursive: true });
  for (const file of ['device.cuh', 'hopper.cuh', ...inFolder(device, 'cuda')]) if (!existsSync(join(twin, file))) install(join(device, file), join(include, file));
  for (const file of ['cuda_bf16.h', 'cuda_fp16.h', ...inFolder(twin, 'cuda'), ...inFolder(twin, 'engine')]) install(join(twin, file), join(include, file));
  return include;
}

const inFolder = (root: string, folder: string): readonly string[] => readdirSync(join(root, folder)).sort().map((f) => join(folder, f));

/** The headers in some folders below an include folder, as one text. */
const headerTexts = (include: string, folders: readonly string[]): string => folders.flatMap((folder) => inFolder(include, folder)).filter((f) => /\.(h|cuh|cc)$/.test(f)).map((f) => readFileSync(join(include, f), 'utf8')).join('\0');

const common = ['-g', '-std=c++17', '-fPIC', '-fvisibility=hidden', '-fno-math-errno', '-fno-optimize-sibling-calls', '-Wall', '-Wextra', '-Wno-unknown-pragmas', '-Wno-unused-function', '-Wno-unused-parameter'];

/** Compiles the emulator's own code, once for all kernels; the path of the object. */
export async function engineObject(include: string): Promise<string> {
  const stamp = createHash('sha256').update([headerTexts(include, ['engine']), ...common].join('\0')).digest('hex').slice(0, 16);
  const object = join(include, `engine-${stamp}.o`);
  if (!existsSync(object)) await gxx([...common, '-O2', '-c', join(include, 'engine', 'engine.cc')], object);
  return object;
}

export interface EmulatedJob {
  readonly source: string;
  readonly launches: readonly EmulatedLaunch[];
  readonly library: string;
  readonly include: string;
  readonly engine: string;
  readonly globals?: boolean;
}

/** Compiles one `.cu` into a library that exports its launches; whether there was anything to do. Throws a BuildError. */
export async function compileEmulated(job: EmulatedJob): Promise<boolean> {
  const { source, launches, library, include, engine } = job;
  const stamp = createHash('sha256').update([headerTexts(include, ['.', 'cuda', 'engine']), readFileSync(source, 'utf8'), launchText(source, launches), ...flagsOf(job)].join('\0')).digest('hex');
  if (existsSync(library) && existsSync(`${library}.hash`) && readFileSync(`${library}.hash`, 'utf8') === stamp) return false;
  // Linked apart: what the kernel tells, the engine hears, and no library of the compiler's. Another process may be about to do the same.
  const object = `${library}.${randomUUID()}.o`;
  await emulatedObject(job, object);
  await gxx(['-shared', object, engine], library);
  rmSync(object);
  rmSync(unitOf(object));
  writeFileSync(`${library}.hash`, stamp);
  return true;
}

/** Compiles one `.cu` and exports its launches, without the engine that they call. Throws a BuildError. */
export async function emulatedObject(job: Omit<EmulatedJob, 'library' | 'engine'>, object: string): Promise<void> {
  mkdirSync(dirname(object), { recursive: true });
  const unit = unitOf(object);
  writeFileSync(unit, launchText(job.source, job.launches));
  await gxx([...flagsOf(job), '-c', unit], object);
}

const unitOf = (object: string): string => object.replace(/\.o$/, '.launch.cpp');

const flagsOf = ({ include, globals = false }: Pick<EmulatedJob, 'include' | 'globals'>): readonly string[] =>
  [...common, '-O1', '-fstack-clash-protection', ...poison(), ...(globals ? ['-fsanitize=thread'] : []), `-I${include}`];

const launchText = (source: string, launches: readonly EmulatedLaunch[]): string => [
  `#include "${source}"`, '#include "engine/launch.h"',
  ...launches.map((l) => `EMULATED(${l.symbol}, "${l.argNames.join(',')}", ${l.threads}, ${l.sharedBytes}, ${l.awaits === true})`), '',
].join('\n');

/** Fills what a thread leaves uninitialised, where the compiler can (GCC from 12 on). */
function poison(): readonly string[] {
  try {
    return Number.parseInt(execFileSync('g++', ['-dumpversion'], { encoding: 'utf8' }), 10) >= 12 ? ['-ftrivial-auto-var-init=pattern'] : [];
  } catch {
    throw new BuildError('g++ was not found; it compiles kernels for the emulator. Install it: apt-get install g++');
  }
}
