import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../dsl/manifest.js';
import { openCpu } from '../../runtime/cpu.js';
import { gpuWorks } from '../bench/gpuWorks.js';
import { agrees } from '../kit/agrees.js';
import { inverseCausalMask } from './kernels/masks.js';
import { kernelsOf } from './kernelsOf.js';
import { passkeyCase } from './passkey.js';
import { conclude, type Verdict } from './report.js';
import { manifest as shipped } from '../../kernels-generated/manifest.js';
import { smallCases } from './smallCases.js';
import { testKernels } from './testKernels.js';

// The scripts that a GPU machine runs, tried on the processor with small sizes.

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = (...args: readonly string[]): { readonly code: number | null; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { cwd: root, encoding: 'utf8' });
  return { code: status, said: `${stdout}${stderr}` };
};

/** Milliseconds: seconds on an idle machine, minutes on a busy one. */
const busy = 300_000;

beforeAll(() => { expect(node('build/ts/test/gpu/build.js', '--device', 'cpu')).toMatchObject({ code: 0 }); }, busy);

test('every section of test:gpu runs and nothing fails', () => {
  const { code, said } = node('build/ts/test/gpu/run.js', '--device', 'cpu', '--quick');
  expect(said).toMatch(/\n\d+ passed, 0 failed/);
  expect(code).toBe(0);
  for (const section of ['small', 'shipped', 'files', 'golden', 'start', 'sass', 'sanitizers', 'passkey']) expect(said).toMatch(new RegExp(`^${section}: `, 'm'));
}, busy);

test('every work of bench:gpu runs, and its table has a row for each', () => {
  const { code, said } = node('build/ts/test/bench/gpu.js', '--device', 'cpu', '--quick');
  expect(code).toBe(0);
  for (const { id } of gpuWorks(true)) expect(said).toContain(`| ${id} |`);
  expect(said).not.toContain('failed');
}, busy);

test('a kernel that does not compute what its source says is found', async () => {
  const { manifest: { kernels }, kernelsDir } = testKernels();
  const { inverseCausalMask: entry, causalAttention: other } = kernels;
  if (entry === undefined || other === undefined) throw new Error('both kernels are in the manifest');
  // The mask of the code looks back, that of the source ahead.
  const swapped: Manifest = { kernels: { inverseCausalMask: { ...entry, variants: other.variants.filter((v) => v.fixed['d'] === 64 && v.dtypes['E'] === 'bf16') } } };
  await using device = openCpu({ manifest: swapped, kernelsDir });
  const wrong = agrees(inverseCausalMask, { devices: [device], manifest: swapped, sizes: { b: 1, q: 9, k: 9, g: 1, r: 1, d: 64 }, seed: 1 });
  await expect(wrong).rejects.toThrow(/elements of 'o' differ/);
});

describe('cases', () => {
  test('every kernel of the folder is compiled, exported and has cases', async () => {
    const { manifest } = testKernels();
    const exported = await kernelsOf('./kernels');
    expect([...exported.keys()].sort()).toEqual(Object.keys(manifest.kernels).sort());
    expect(new Set(smallCases(manifest, false).map((c) => c.kernel))).toEqual(new Set(exported.keys()));
  });

  test('of every shipped kernel describe as many parts of an axis wherever they describe it', () => {
    const wrong = smallCases(shipped, false).filter(({ kernel, sizes }) => {
      const counts = new Map<string, Set<number>>();
      for (const [axis, rule] of Object.entries(shipped.kernels[kernel as keyof typeof shipped.kernels].sizes)) {
        if (rule.kind !== 'ragged') continue;
        const length = sizes[axis];
        counts.set(rule.by, (counts.get(rule.by) ?? new Set()).add(typeof length === 'number' ? -1 : length?.length ?? 0));
      }
      return [...counts.values()].some((lengths) => lengths.size > 1);
    });
    expect(wrong).toEqual([]);
  });

  test('passkeys follow from their numbers alone and stay within the novel', () => {
    const cases = Array.from({ length: 100 }, (_, i) => passkeyCase(i, () => 1000));
    expect(cases).toEqual(Array.from({ length: 100 }, (_, i) => passkeyCase(i, () => 1000)));
    expect(new Set(cases.map((c) => c.key)).size).toBeGreaterThan(95);
    expect(cases.every((c) => c.from < 1000 && c.depth < 1 && /^\d{5}$/.test(c.key))).toBe(true);
  });

  test('what was skipped counts neither as passed nor as failed', () => {
    const said: string[] = [];
    const verdicts: readonly Verdict[] = [{ name: 'a', kind: 'passed' }, { name: 'b', kind: 'skipped', why: 'no GPU' }, { name: 'c', kind: 'failed', why: 'wrong' }];
    expect(conclude(verdicts, (line) => said.push(line))).toBe(false);
    expect(said).toEqual(['SKIPPED b: no GPU', 'FAILED c: wrong', '1 passed, 1 failed, 1 skipped']);
  });
});
