import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../dsl/manifest.js';
import { openCpu } from '../../runtime/cpu.js';
import { gpuWorks } from '../bench/gpuWorks.js';
import { agrees } from '../kit/agrees.js';
import { allSteps } from './allSteps.js';
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
const busy = 600_000;

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

describe('all that a GPU has to say', () => {
  const out = mkdtempSync(join(tmpdir(), 'warpfold-all-'));
  afterAll(() => rmSync(out, { recursive: true }));
  const all = (...args: readonly string[]): ReturnType<typeof node> => node('build/ts/test/gpu/all.js', '--device', 'cpu', '--quick', '--out', out, '--state', join(out, 'state.json'), ...args);
  const namesLeft = (said: string): readonly string[] => /^left, for the same command again: (.*)$/m.exec(said)?.[1]?.split(' ') ?? [];

  test('is run step by step, joined to tables, and not run again', () => {
    const { code, said } = all('sass', 'bench-matmul-row');
    expect([code, said]).toEqual([0, expect.stringMatching(/^sass: passed in \d+ s, \d+ passed, 0 failed.*\nbench-matmul-row: passed in \d+ s\nleft, /)]);
    expect(namesLeft(said)).toEqual(allSteps(570).map((s) => s.name).filter((name) => !['sass', 'bench-matmul-row'].includes(name)));
    const [table = ''] = readdirSync(out).filter((f) => /^gpu-.*\.md$/.test(f));
    expect(readFileSync(join(out, table), 'utf8')).toContain('## Products of one row');
  }, busy);

  test('ends with its time: what is under way is stopped and still to be run', () => {
    const { code, said } = all('--seconds', '0.05');
    expect([code, said]).toEqual([0, expect.stringMatching(/^fatbins: stopped after \d+ s, the time was up\nleft, for the same command again: fatbins /)]);
    expect(namesLeft(said)).not.toContain('sass');
  }, busy);

  test('a step that fails is told, and one that there is not', () => {
    expect(all('golden-start', '--python', 'absent', '--seconds', '0.05').code).toBe(0);
    expect(all('8b-table7', '--seconds', '200', '--python', 'absent')).toMatchObject({ code: 0, said: expect.stringMatching(/^8b-table7: /) });
    expect(all('nothing')).toMatchObject({ code: 1, said: expect.stringContaining("no step 'nothing'; there are fatbins, sass, ") });
  }, busy);

  test('begins with what must hold, and no step takes longer than a run may', () => {
    const steps = allSteps(570);
    const firstOf = (prefix: RegExp): number => steps.findIndex((s) => prefix.test(s.name));
    expect(Math.max(...['sass', 'shipped', 'small', 'files'].map((name) => steps.findIndex((s) => s.name === name)))).toBeLessThan(firstOf(/^(bench|8b|tune)/));
    expect(steps.filter((s) => s.seconds > 570)).toEqual([]);
  });
});

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
