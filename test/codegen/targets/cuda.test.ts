import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compileCuda, cudaHeaders } from '../../../codegen/build.js';
import { emitFile } from '../../../codegen/emit/file.js';
import { sm80 } from '../../../codegen/targets/sm80.js';
import { sm90a } from '../../../codegen/targets/sm90a.js';
import { placeBarriers } from '../../../codegen/tile/barriers.js';
import { printTile } from '../../../codegen/tile/print.js';
import { cascade, matmul } from '../emit/kernels.js';

const hasNvcc = ((): boolean => {
  try {
    execFileSync('nvcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const folder = mkdtempSync(join(tmpdir(), 'cuda-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('CUDA text of a contraction', () => {
  const kernel = placeBarriers(matmul('contraction', ['f', 'e'], 64, 64, 32));

  test('a barrier stands between what threads share, once per turn and side', () => {
    const lines = printTile(kernel).split('\n').map((l) => l.trim()).filter((l) => /barrier|load|mma|loop|fill|store/.test(l));
    expect(lines.filter((l) => l === 'barrier').length).toBe(3);
  });

  test('one block is a function, the kernel finds its place in the grid', () => {
    const { text } = emitFile(sm80, 'contraction', [kernel]);
    expect(text).toContain('__device__ static void block(');
    expect(text).toContain('KERNEL(');
    expect(text).not.toContain('for (int iq');
  });

  test.skipIf(!hasNvcc).each([[sm80, '80'], [sm90a, '90a']] as const)('nvcc compiles it without a warning', async (target, arch) => {
    const { text } = emitFile(target, 'contraction', [kernel, placeBarriers(cascade('running', 64, 64, 64))]);
    const source = join(folder, `contraction.${target.name}.cu`);
    writeFileSync(source, text);
    await expect(compileCuda(source, `${source}.cubin`, arch, cudaHeaders())).resolves.toBeUndefined();
  });
});

const generated = readdirSync('kernels-generated/cuda').filter((f) => f.endsWith('.cu'));
describe('generated CUDA', () => {
  test('there is a file for every kernel and architecture', () => {
    const kernels = new Set(generated.map((f) => f.split('.')[0]));
    expect(generated.toSorted()).toEqual([...kernels].flatMap((k) => [`${k}.sm_80.cu`, `${k}.sm_90a.cu`]).toSorted());
  });

  test.skipIf(!hasNvcc).concurrent.each(generated)('nvcc compiles %s without a warning', async (file) => {
    await expect(compileCuda(join('kernels-generated/cuda', file), join(folder, `${file}.cubin`), file.includes('90a') ? '90a' : '80', cudaHeaders())).resolves.toBeUndefined();
  }, 120_000);
});
