import { describe, expect, test } from 'vitest';
import { compileFiles, compileKernel, targets } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { stages, tracing } from '../../../codegen/trace.js';

const files = ['runtime/kernels/linear.ts', 'runtime/kernels/chunkAttention.ts'];
const [linear] = readKernels(files);
const def = linear?.variants[0];
if (!def) throw new Error('linear has no variant');

describe('compiling files', () => {
  const first = compileFiles(files, ['cpu', 'sm_80', 'sm_90a']);

  test('gives one file per kernel and target, and the manifest', () => {
    expect([...first.texts.keys()].sort()).toEqual([
      'cpu/chunkAttention.cpp', 'cpu/linear.cpp', 'cuda/chunkAttention.sm_80.cu', 'cuda/chunkAttention.sm_90a.cu', 'cuda/linear.sm_80.cu', 'cuda/linear.sm_90a.cu', 'manifest.ts',
    ]);
  });

  test('gives the same bytes again, whatever the order of files', () => {
    const again = compileFiles([...files].reverse(), ['cpu', 'sm_80', 'sm_90a']);
    for (const [path, text] of first.texts) expect(again.texts.get(path)).toBe(text);
  });

  test('reports every variant with its schedule and its cost', () => {
    expect(first.report.filter((r) => r.target === 'cpu' && r.variant.startsWith('f32')).map((r) => [r.kernel, r.variant, r.schedule, r.cost])).toMatchInlineSnapshot(`
      [
        [
          "linear",
          "f32",
          "e 256 q 128 f 128",
          "2.1 Gflop, 13 MB, compute bound (q e f 1024)",
        ],
        [
          "chunkAttention",
          "f32_d64",
          "k 128 c 1 q 64 g 1 r 1",
          "160 Gflop, 300 MB, compute bound (q k 1024, c g r 8)",
        ],
        [
          "chunkAttention",
          "f32_d128",
          "k 128 c 1 q 64 g 1 r 1",
          "300 Gflop, 610 MB, compute bound (q k 1024, c g r 8)",
        ],
      ]
    `);
  });

  test('quotes the certificate of every fold in the header and in the manifest', () => {
    const [certificate] = /certificate ([0-9a-f]{4})/.exec(first.texts.get('cpu/linear.cpp') ?? '')?.slice(1) ?? [];
    expect(certificate).toBeDefined();
    expect(first.texts.get('manifest.ts')).toContain(`certificates: ['${certificate}']`);
  });
});

describe('the trace', () => {
  test('shows the stages that are asked for, in the order they run', () => {
    const shown: string[] = [];
    compileKernel(def, targets.sm_80, tracing(new Set(stages), (stage) => shown.push(stage)));
    expect(shown).toEqual([...stages]);
  });

  test('says of a stage that changed nothing that it did not', () => {
    const shown = new Map<string, string>();
    compileKernel(def, targets.cpu, tracing(new Set(stages), (stage, text) => shown.set(stage, text)));
    expect(shown.get('axes')).toBe('(unchanged)');
    expect(shown.get('regions')).toBe('(unchanged)');
    expect(shown.get('lower')).toContain('kernel linear');
  });
});
