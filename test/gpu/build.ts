// Compiles the kernels of this folder: `node build/ts/test/gpu/build.js` for the processor and CUDA, `--device cpu` for the
// processor alone. Everything lands in build/gpu, so that a machine without compilers can be given it as it is.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, cudaHeaders } from '../../codegen/build.js';
import { nativeIsa } from '../../codegen/commands/build.js';
import { compileFiles } from '../../codegen/compile.js';
import { root } from './open.js';
import { type DeviceKind, scriptOptions } from './options.js';
import { folder } from './testKernels.js';

/** Compiles what has changed. Throws CompileError and BuildError. */
export async function buildTestKernels(device: DeviceKind): Promise<void> {
  const sources = join(root, 'test/gpu/kernels');
  const files = readdirSync(sources).filter((f) => f.endsWith('.ts')).sort().map((f) => join(sources, f));
  const { texts, manifest } = compileFiles(files, ['cpu', 'sm_80']);
  for (const [path, text] of texts) if (path !== 'manifest.ts') write(join(folder, path), text);
  write(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await build({ generated: folder, out: join(folder, 'kernels'), isas: await nativeIsa() });
  if (device === 'cuda') buildFatbins(join(folder, 'cuda'), join(folder, 'kernels/cuda'));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

const fatbinFlags = ['-std=c++17', '-fatbin', '-gencode=arch=compute_80,code=sm_80', '-gencode=arch=compute_90a,code=sm_90a', '-gencode=arch=compute_80,code=compute_80'];

/** One fatbin per generated text, where text, headers or flags have changed. */
function buildFatbins(generated: string, out: string): void {
  mkdirSync(out, { recursive: true });
  const headers = cudaHeaders();
  const device = readdirSync(headers, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.cuh')).sort().map((f) => readFileSync(join(headers, f), 'utf8'));
  for (const file of readdirSync(generated).filter((f) => f.endsWith('.sm_80.cu')).sort()) {
    const fatbin = join(out, `${basename(file, '.sm_80.cu')}.fatbin`);
    const stamp = createHash('sha256').update([readFileSync(join(generated, file), 'utf8'), ...device, ...fatbinFlags].join('\0')).digest('hex');
    if (existsSync(fatbin) && existsSync(`${fatbin}.hash`) && readFileSync(`${fatbin}.hash`, 'utf8') === stamp) continue;
    execFileSync('nvcc', [...fatbinFlags, `-I${headers}`, join(generated, file), '-o', fatbin], { stdio: 'inherit' });
    writeFileSync(`${fatbin}.hash`, stamp);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildTestKernels(scriptOptions().device);
