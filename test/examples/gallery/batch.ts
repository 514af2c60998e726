import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCpu, cpuFlags, headerTexts, installHeaders } from '../../../codegen/build.js';
import { nativeIsa } from '../../../codegen/commands/build.js';
import { compileFiles } from '../../../codegen/compile.js';
import { buildEmulator } from '../../../codegen/emulator.js';
import type { Kernel } from '../../../dsl/index.js';
import type { Manifest, TargetName } from '../../../dsl/manifest.js';
import { openCpu } from '../../../runtime/cpu.js';
import type { Device } from '../../../runtime/device.js';
import { openEmulator } from '../../../runtime/emulator.js';
import { agrees } from '../../kit/agrees.js';
import type { Case } from '../../kit/call.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the devices' own parts are compiled, once for all folders. */
const shared = join(root, 'build/test/gallery/device');

/** Names of the files of a folder of the gallery that hold kernels, without their ending. */
export const filesOf = (folder: string): readonly string[] => readdirSync(join(root, 'examples', folder)).filter((f) => f.endsWith('.ts') && f !== 'shares.ts').map((f) => f.replace(/\.ts$/, '')).sort();

/** The kernels of a folder of the gallery, compiled, and devices that run them. */
export interface Batch {
  readonly kernels: Readonly<Record<string, Kernel<never>>>;
  /** One case on the processor, against the kernel's own reference; `compiled` names another kernel to run in its stead. */
  readonly onCpu: (name: string, of: Case, compiled?: string) => Promise<void>;
  /** The same in the emulator of a GPU; for kernels of the files it was opened for. */
  readonly onEmulator: (name: string, of: Case) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Compiles a folder of the gallery; `emulated` names files whose CUDA text is to run as well. What an example prints on import is not shown. */
export async function openBatch(folder: string, emulated: readonly string[] = []): Promise<Batch> {
  const kernels = await importQuietly(folder);
  const cpu = await cpuOf(folder);
  const gpu = emulated.length === 0 ? undefined : await emulatorOf(folder, emulated);
  const on = (opened: Opened | undefined) => async (name: string, of: Case, compiled = name): Promise<void> => {
    const kernel = kernels[name];
    if (kernel === undefined || opened === undefined) throw new Error(`${folder} has no kernel ${name} for this device`);
    // Of a kernel `agrees` takes its name and its reference alone.
    await agrees({ ...kernel, kernelName: compiled } as Kernel<never>, { ...of, devices: [opened.device], manifest: opened.manifest });
  };
  return { kernels, onCpu: on(cpu), onEmulator: on(gpu), close: async () => { for (const o of [cpu, gpu]) await o?.device[Symbol.asyncDispose](); } };
}

interface Opened { readonly manifest: Manifest; readonly device: Device }

async function importQuietly(folder: string): Promise<Readonly<Record<string, Kernel<never>>>> {
  const { log } = console;
  console.log = () => undefined;
  try {
    const modules = await Promise.all(filesOf(folder).map((f): Promise<Readonly<Record<string, unknown>>> => import(join(root, 'examples', folder, `${f}.ts`))));
    return Object.fromEntries(modules.flatMap((m) => Object.values(m).filter(isKernel).map((k) => [k.kernelName, k])));
  } finally {
    console.log = log;
  }
}
const isKernel = (x: unknown): x is Kernel<never> => typeof x === 'function' && 'kernelName' in x;

/** All kernels of a folder in one translation unit: most of the time that g++ takes for one goes into the header. */
async function cpuOf(folder: string): Promise<Opened> {
  const { manifest, generated, out, texts } = compiled(folder, filesOf(folder), 'cpu');
  const [isa] = await nativeIsa();
  if (isa === undefined) throw new Error('this processor runs no kernels');
  const include = installHeaders(shared);
  const together = [...texts].filter(([path]) => path.endsWith('.cpp')).map(([, text]) => text).join('\n');
  const whole = join(out, `${createHash('sha256').update([headerTexts(include), together, ...cpuFlags(isa)].join('\0')).digest('hex').slice(0, 16)}.so`);
  mkdirSync(join(out, 'cpu', isa), { recursive: true });
  if (!existsSync(whole)) {
    writeFileSync(join(generated, 'all.cpp'), together);
    await compileCpu(join(generated, 'all.cpp'), whole, isa, include);
  }
  for (const name of Object.keys(manifest.kernels)) {
    rmSync(join(out, 'cpu', isa, `${name}.so`), { force: true });
    linkSync(whole, join(out, 'cpu', isa, `${name}.so`));
  }
  return { manifest, device: openCpu({ manifest, kernelsDir: out }) };
}

async function emulatorOf(folder: string, files: readonly string[]): Promise<Opened> {
  const { manifest, generated, out } = compiled(folder, files, 'sm_80');
  await buildEmulator({ manifest, generated, out, shared });
  return { manifest, device: openEmulator({ manifest, kernelsDir: out }) };
}

function compiled(folder: string, files: readonly string[], target: TargetName): { readonly manifest: Manifest; readonly texts: ReadonlyMap<string, string>; readonly generated: string; readonly out: string } {
  const generated = join(root, 'build/test/gallery', folder, target);
  const { manifest, texts } = compileFiles(files.map((f) => `examples/${folder}/${f}.ts`), [target]);
  rmSync(join(generated, target === 'cpu' ? 'cpu' : 'cuda'), { recursive: true, force: true });
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(generated, path)), { recursive: true });
    writeFileSync(join(generated, path), text);
  }
  return { manifest, texts, generated, out: join(generated, 'build') };
}
