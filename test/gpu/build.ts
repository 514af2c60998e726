// Compiles the kernels of this folder: `node build/ts/test/gpu/build.js` for the processor and CUDA, `--device cpu` for the
// processor alone, `--device emulator` for it and the emulator. Everything lands in build/gpu, so that a machine without compilers can be given it as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../codegen/build.js';
import { buildCuda } from '../../codegen/buildCuda.js';
import { buildEmulator } from '../../codegen/emulator.js';
import { nativeIsa } from '../../codegen/commands/build.js';
import { compileFiles } from '../../codegen/compile.js';
import { root } from './open.js';
import { type ScriptOptions, scriptOptions } from './options.js';
import { plantedFolder, racing, writePlanted } from './planted.js';
import { folder } from './testKernels.js';

/** Compiles what has changed. Throws CompileError and BuildError. */
export async function buildTestKernels({ device, target }: Pick<ScriptOptions, 'device' | 'target'>): Promise<void> {
  const sources = join(root, 'test/gpu/kernels');
  const files = readdirSync(sources).filter((f) => f.endsWith('.ts')).sort().map((f) => join(sources, f));
  const { texts, manifest } = compileFiles(files, ['cpu', 'sm_80', 'sm_90a']);
  for (const [path, text] of texts) if (path !== 'manifest.ts') write(join(folder, path), text);
  write(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await build({ generated: folder, out: join(folder, 'kernels'), isas: await nativeIsa() });
  writePlanted();
  if (device === 'emulator') await buildEmulator({ manifest, generated: folder, out: join(folder, 'kernels'), target });
  if (device === 'emulator') await buildEmulator({ manifest: racing.manifest, generated: plantedFolder, out: racing.kernelsDir });
  if (device === 'cuda') for (const warning of (await buildCuda({ generated: folder, out: join(folder, 'kernels') })).warnings) console.error(`warning: ${warning}`);
  if (device === 'cuda') await buildCuda({ generated: plantedFolder, out: racing.kernelsDir });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildTestKernels(scriptOptions());
