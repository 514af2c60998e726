import { describe, expect, test } from 'vitest';
import { compileFiles, compileKernel, targets } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { stages, tracing } from '../../../codegen/trace.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { nowhere } from '../../../dsl/span.js';

const files = ['runtime/kernels/linear.ts', 'runtime/kernels/chunkAttention.ts'];
const [linear] = readKernels(files);
const variantOf = (variant: string): KernelDef => {
  const found = linear?.variants.find((v) => v.variant === variant);
  if (!found) throw new Error(`linear has no variant ${variant}`);
  return found;
};
const def = variantOf('f32');

describe('compiling files', () => {
  const first = compileFiles(files, ['cpu', 'sm_80', 'sm_90a']);

  test('gives one file per kernel and target, and the manifest', () => {
    expect([...first.texts.keys()].sort()).toEqual([
      'cpu/chunkAttention.cpp', 'cpu/chunkAttentionScaled.cpp', 'cpu/linear.cpp', 'cuda/chunkAttention.sm_80.cu', 'cuda/chunkAttention.sm_90a.cu', 'cuda/chunkAttentionScaled.sm_80.cu', 'cuda/linear.sm_80.cu', 'cuda/linear.sm_90a.cu', 'manifest.ts',
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
        [
          "chunkAttentionScaled",
          "f32_d64",
          "k 128 c 1 q 64 g 1 r 1",
          "160 Gflop, 280 MB, compute bound (q k 1024, c g r 8)",
        ],
        [
          "chunkAttentionScaled",
          "f32_d128",
          "k 128 c 1 q 64 g 1 r 1",
          "300 Gflop, 560 MB, compute bound (q k 1024, c g r 8)",
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

describe('the line of a launch', () => {
  const linesOf = (file: string): readonly (readonly [string, number])[] => {
    const launches = Object.values(compileFiles([file], ['sm_80']).manifest.kernels).flatMap((k) => k.variants).filter((v) => v.variant.startsWith('f32') || v.variant === '').flatMap((v) => v.launches);
    return launches.map((l) => [l.symbol, l.line]);
  };

  test('is that of what it computes first: of a part, the statistic it hands on', () => {
    expect(linesOf('runtime/kernels/linear.ts')).toEqual([['linear_f32_one', 9], ['linear_f32_few', 9], ['linear_f32', 9]]);
    expect(linesOf('runtime/kernels/queryNll.ts')).toEqual([['queryNll_f32_shared_part', 9], ['queryNll_f32_shared_join', 11], ['queryNll_f32', 11]]);
  });

  test('is that of the kernel where no line of its file says what it computes', () => {
    const [result] = def.results;
    if (!result) throw new Error('linear has no result');
    for (const span of [nowhere, { ...def.span, file: 'library.ts', line: 99 }]) {
      expect(compileKernel({ ...def, results: [{ ...result, value: { ...result.value, span } }] }, targets.sm_80).launches.map((l) => l.line)).toEqual([def.span.line]);
    }
  });
});

describe('the trace', () => {
  const alike: readonly string[] = ['detours', 'pipes', 'ahead', 'barriers'];
  const inRoles: readonly string[] = ['beside', 'factors', 'roles', 'overlap', 'settle'];

  test.each([['warps that do the same', 'f32', alike, inRoles], ['warps with roles', 'bf16', inRoles, alike]] as const)('shows the stages that are asked for, in the order they run: of %s', (_name, variant, own, others) => {
    const shown: string[] = [];
    compileKernel(variantOf(variant), targets.sm_90a, tracing(new Set(stages), (stage) => shown.push(stage)));
    expect(shown).toEqual(stages.filter((s) => !others.includes(s)));
    expect(shown.slice(-own.length)).toEqual(own);
  });

  test('says of a stage that changed nothing that it did not', () => {
    const shown = new Map<string, string>();
    compileKernel(def, targets.cpu, tracing(new Set(stages), (stage, text) => shown.set(stage, text)));
    expect(shown.get('axes')).toBe('(unchanged)');
    expect(shown.get('regions')).toBe('(unchanged)');
    expect(shown.get('lower')).toContain('kernel linear');
  });
});
