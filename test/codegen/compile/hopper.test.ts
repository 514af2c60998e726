import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileFiles, targets } from '../../../codegen/compile.js';
import { explain, explainStages } from '../../../codegen/explainText.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { stages } from '../../../codegen/trace.js';

const filesIn = (folder: string): readonly string[] => readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => `${folder}/${f}`);
const folders = ['test/gpu/kernels', 'runtime/kernels', 'examples/basics', 'examples/masks', 'examples/scoreMods', 'examples/kvScores'];

describe.each(folders)('kernels of %s', (folder) => {
  const files = filesIn(folder);
  const all = compileFiles(files, ['cpu', 'sm_80', 'sm_90a']);
  const variants = Object.entries(all.manifest.kernels).flatMap(([kernel, entry]) => entry.variants.map((v) => ({ kernel, ...v })));

  test('have text for every GPU, and for Hopper where warps have roles', () => {
    const isOfRoles = (v: (typeof variants)[number]): boolean => v.launches.some((l) => l.args.some((a) => a.kind === 'map'));
    for (const kernel of Object.keys(all.manifest.kernels)) expect(variants.filter((v) => v.kernel === kernel && v.target === 'sm_80'), kernel).not.toEqual([]);
    for (const v of variants.filter((x) => x.target === 'sm_90a')) expect([v.kernel, v.variant, isOfRoles(v)]).toEqual([v.kernel, v.variant, true]);
  });

  test('compile for Hopper alone, where each has text of its own', () => {
    const { manifest } = compileFiles(files, ['sm_90a']);
    expect(Object.entries(manifest.kernels).filter(([, entry]) => entry.variants.length === 0)).toEqual([]);
    expect(Object.keys(manifest.kernels)).toEqual(Object.keys(all.manifest.kernels));
  });
});

test('what is 96 long along a line is not for boxes: its kernels are those of every GPU', () => {
  const { manifest } = compileFiles(['test/gpu/kernels/attention.ts'], ['sm_80', 'sm_90a'], { only: ['fullAttention'] });
  expect([...new Set(manifest.kernels['fullAttention']?.variants.filter((v) => v.target === 'sm_90a').map((v) => v.fixed['d']))]).toEqual([64, 128, 256]);
});

describe('explaining kernels of Hopper', () => {
  const [kernel] = readKernels(['runtime/kernels/linear.ts']);
  if (!kernel) throw new Error('no linear');
  const halves = { ...kernel, variants: kernel.variants.filter((v) => v.variant === 'bf16') };

  test('says who computes and who loads', () => {
    expect(explain(halves, targets.sm_90a, () => '')).toContain('2 warpgroups compute, one thread loads');
  });

  test.each(['factors', 'roles', 'overlap', 'settle'])('shows the program after %s', (stage) => {
    expect(stages).toContain(stage);
    expect(explainStages(halves, targets.sm_90a, new Set([stage]))).toContain(`after ${stage}`);
    // Its first variant, of f32, has no roles.
    expect(explainStages(kernel, targets.sm_90a, new Set([stage]))).toContain(`after ${stage}`);
    expect(explainStages(kernel, targets.sm_80, new Set([stage]))).toBe(`no variant of linear passes through ${stage} on its way to sm_80`);
  });
});
