import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { failureOf } from '../../codegen/commands/failure.js';
import { type CompiledDevice, type EmulatorSettings, openCompiled, targetsOf } from '../../codegen/commands/openCompiled.js';
import type { Compilation } from '../../codegen/compile.js';
import type { KernelSource } from '../../codegen/frontend/project.js';
import { CompileError } from '../../dsl/diagnostic.js';
import type { AnyKernel, Axis } from '../../dsl/index.js';
import type { KernelEntry } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';

/** What the kit asks of a kernel: its name, its reference, and where it is declared. Whatever `kernel(…)` returns fits. */
export interface TestedKernel extends Pick<AnyKernel, 'kernelName' | 'reference'> { readonly file?: string | undefined }

/** A device by name. `emulator` runs the kernel's CUDA text without a GPU and reports races; it and `cpu` need g++, `cuda` a GPU and nvcc. */
export type DeviceName = CompiledDevice;

/** A kernel as its source states it, and how a device that runs it is opened. */
export interface Subject {
  readonly kernel: TestedKernel;
  readonly source: KernelSource;
  /** How it is called; a variant for each choice of dtypes and fixed sizes, without launches. */
  readonly entry: KernelEntry;
  /** The largest block of each axis that a grid cuts, of the texts that these devices run. */
  blocks(on: readonly DeviceName[]): Promise<Readonly<Record<Axis, number>>>;
  /** Compiles and opens; what was compiled before is left alone. Throws BuildError and RuntimeError where this machine lacks what that needs. */
  open(on: DeviceName, settings?: EmulatorSettings): Promise<Device>;
}

/**
 * Finds a kernel in the file that declares it. `file` says which; without it, the file that the kernel itself remembers.
 * Throws where there is no such file, or where the compiler refuses what it holds, with the excerpt and the remedy.
 */
export async function subjectOf(kernel: TestedKernel, file?: string | URL): Promise<Subject> {
  const path = file === undefined ? rememberedFile(kernel) : typeof file === 'string' && !file.startsWith('file:') ? resolve(file) : fileURLToPath(file);
  if (!existsSync(path)) throw new Error(`kernel '${kernel.kernelName}': there is no file ${path}`);
  const all = await explained(() => readOnce(path));
  const source = all.find((k) => k.name === kernel.kernelName);
  if (source === undefined) throw new Error(`${path} exports no kernel '${kernel.kernelName}'; it exports ${all.map((k) => k.name).join(', ') || 'none'}. Pass \`file: new URL('./itsFile.ts', import.meta.url)\``);
  const variants = source.variants.map((def) => ({
    variant: def.variant, target: 'cpu' as const, dtypes: def.dtypes, scratch: [], launches: [], certificates: [],
    fixed: Object.fromEntries(Object.entries(def.sizes).flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [[axis, rule.size] as const] : []))),
  }));
  return {
    kernel, source,
    entry: { source: source.file, params: source.params, results: source.results, sizes: source.sizes, variants },
    async blocks(on) {
      const compilations = await Promise.all(on.map((name) => explained(() => compileOnce(path, kernel.kernelName, name))));
      return blocksOf(compilations.flatMap(({ manifest }) => manifest.kernels[kernel.kernelName]?.variants ?? []));
    },
    open: async (on, settings) => openCompiled(on, await explained(() => compileOnce(path, kernel.kernelName, on, settings)), settings),
  };
}

function blocksOf(variants: KernelEntry['variants']): Readonly<Record<Axis, number>> {
  const cuts = variants.flatMap((v) => v.launches.flatMap((l) => l.grid));
  return Object.fromEntries(cuts.map(({ axis }) => [axis, Math.max(...cuts.flatMap((g) => (g.axis === axis ? [g.block] : [])))]));
}

// Reading and compiling take seconds, and one file's tests share them. A changed file is another key. The compiler loads
// when it is first needed: values, shapes and tolerances do without.
const read = new Map<string, Promise<readonly KernelSource[]>>();
const compiled = new Map<string, Promise<Compilation>>();
const readOnce = (path: string): Promise<readonly KernelSource[]> => once(read, keyOf(path), async () => (await import('../../codegen/frontend/project.js')).readKernels([path]));
const compileOnce = async (path: string, name: string, on: DeviceName, settings: EmulatorSettings = {}): Promise<Compilation> => {
  const targets = await targetsOf(on, settings);
  return once(compiled, keyOf(path, name, ...targets), async () => (await import('../../codegen/compile.js')).compileFiles([path], targets, { only: [name] }));
};
const keyOf = (path: string, ...more: readonly string[]): string => [path, statSync(path).mtimeMs, ...more].join('\0');

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** A refusal with the lines it is about: a test's report has no command that prints them. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CompileError) throw new Error(failureOf(error).text, { cause: error });
    throw error;
  }
}

function rememberedFile({ kernelName, file }: TestedKernel): string {
  const written = file === undefined || /\.[cm]?tsx?$/.test(file) ? file : beforeCompilation(file);
  if (written === undefined) throw new Error(`kernel '${kernelName}' does not know its source${file === undefined ? '' : `: ${file} has no source map`}; pass \`file: new URL('./itsFile.ts', import.meta.url)\``);
  return written;
}

/** The TypeScript that JavaScript was made from, as its source map says. */
function beforeCompilation(path: string): string | undefined {
  const [, url] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(path, 'utf8')) ?? [];
  if (url === undefined) return undefined;
  const text = url.startsWith('data:') ? Buffer.from(url.slice(url.indexOf(',') + 1), 'base64').toString() : readFileSync(resolve(dirname(path), url), 'utf8');
  const { sources, sourceRoot = '' } = JSON.parse(text) as { readonly sources?: readonly string[]; readonly sourceRoot?: string };
  const [first] = sources ?? [];
  return first === undefined ? undefined : fileURLToPath(new URL(`${sourceRoot}${first}`, pathToFileURL(path)));
}
