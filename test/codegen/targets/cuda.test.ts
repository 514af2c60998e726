import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compileCuda, cudaHeaders } from '../../../codegen/build.js';
import { freshWarnings } from '../../../codegen/buildCuda.js';
import { emitFile } from '../../../codegen/emit/file.js';
import { sm80 } from '../../../codegen/targets/sm80.js';
import { sm90a } from '../../../codegen/targets/sm90a.js';
import { placeBarriers } from '../../../codegen/tile/barriers.js';
import { spreadTiles } from '../../../codegen/tile/frames.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { stageLoads } from '../../../codegen/tile/pipes.js';
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

const onWarps = (k: TileKernel): TileKernel => placeBarriers(stageLoads(spreadTiles({ ...k, schedule: { ...k.schedule, warps: 4, stages: 2 } })));

describe('CUDA text of a contraction', () => {
  const kernel = onWarps(matmul('contraction', ['f', 'e'], 64, 64, 32));

  test('accumulators stand in registers, operands in stages of shared memory, and the one barrier a turn is the pipe\'s', () => {
    const lines = printTile(kernel).split('\n').map((l) => l.trim()).filter((l) => /^(frame|pipe|barrier|prime|advance|drain|tile)/.test(l));
    expect(lines).toMatchInlineSnapshot(`
      [
        "frame accumulators: rows q over 2 x 2 warps",
        "pipe ePipe: 2 stages of xs <- x[q, e], ws <- w[f, e]; e in 0 .. size.e by 32",
        "tile xs: f32[q 64, e 32] operand",
        "tile ws: f32[f 64, e 32] operand",
        "tile acc: f32[q 64, f 64] tile",
        "prime ePipe",
        "advance ePipe",
      ]
    `);
  });

  test('one block is a function, the kernel finds its place in the grid', () => {
    const { text } = emitFile(sm80, 'contraction', [kernel]);
    expect(text).toContain('DEVICE void block(');
    expect(text).toContain('KERNEL(');
    expect(text).not.toContain('for (int iq');
  });

  test.skipIf(!hasNvcc).each([[sm80, '80'], [sm90a, '90a']] as const)('nvcc compiles it without a warning', async (target, arch) => {
    const { text } = emitFile(target, 'contraction', [kernel, onWarps(cascade('running', 64, 64, 64))]);
    const source = join(folder, `contraction.${target.name}.cu`);
    writeFileSync(source, text);
    await expect(compileCuda(source, `${source}.cubin`, arch, cudaHeaders())).resolves.toBeUndefined();
  });
});

const shipped = new Map(readdirSync('kernels-generated/cuda').filter((f) => f.endsWith('.cu')).map((f) => [join('cuda', f), readFileSync(join('kernels-generated/cuda', f), 'utf8')] as const));
/** `npm run setup` has compiled these very texts for every architecture; what it has not is compiled here. */
const warnings = hasNvcc ? await freshWarnings(shipped, 'build/kernels') : new Map<string, readonly string[]>();

describe('generated CUDA', () => {
  test.skipIf(!hasNvcc).concurrent.each([...shipped.keys()].map((path) => basename(path)))('nvcc compiles %s without a warning', async (file) => {
    const said = warnings.get(join('cuda', file));
    if (said === undefined) await expect(compileCuda(join('kernels-generated/cuda', file), join(folder, `${file}.cubin`), '90a', cudaHeaders())).resolves.toBeUndefined();
    else expect(said).toEqual([]);
  }, 120_000);
});
