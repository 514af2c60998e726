import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { denseOf } from '../../dsl/index.js';
import { agrees } from './agrees.js';
import { boundsOf } from './bounds.js';
import { casesOf } from './cases.js';
import * as kernels from './kernels/plain.js';
import type { CheckReport } from './runners.js';
import type { TestedKernel } from './subject.js';

// Every kernel by one line: read from its file, compiled, run on drawn cases.

const devices = ['cpu', 'emulator'] as const;
const { shifted, shiftedAtFirst, totals, attend, rowsAt } = kernels;
const messageOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'nothing failed', (error: Error) => error.message);

afterEach(() => { vi.unstubAllEnvs(); });

test.for(Object.entries(kernels))('%s computes what its source says', async ([, kernel]) => {
  const { checked, missing, cases } = await agrees(kernel, { devices, numRuns: 12 });
  expect({ checked, missing, cases }).toEqual({ checked: devices, missing: [], cases: 12 });
});

describe('a kernel that is wrong from position 5 on', () => {
  const lengthsSeen: number[] = [];
  const wrong: TestedKernel = {
    ...shiftedAtFirst,
    reference: (inputs, options) => {
      lengthsSeen.push(...Object.values(inputs).map((x) => (typeof x === 'number' ? 1 : denseOf(x).data.length)));
      return shifted.reference(inputs, options);
    },
  };

  test('fails with device, result, element and the smallest case, and the variable it prints replays exactly that', async () => {
    const first = await messageOf(agrees(wrong, { devices: ['cpu'] }));
    expect(first).toMatch(/^shiftedAtFirst on cpu: 1 of 6 elements of 'out' differ, first \[n 5\]: \S+, reference \S+ ± \S+\n {2}case \{"sizes":\{"n":6\},"seed":0\}\n {2}found in run \d+, made smaller \d+ times\n {2}replay it: WARPFOLD_REPLAY=/);
    expect(new Set(lengthsSeen).size).toBeGreaterThan(1);
    const [, place = '', command = ''] = /WARPFOLD_REPLAY=(\S+)(.*)$/.exec(first) ?? [];
    expect(command).toBe(" npx vitest run test/kit/agrees.test.ts -t 'a kernel that is wrong from position 5 on fails with device, result, element and the smallest case, and the variable it prints replays exactly that'");
    lengthsSeen.length = 0;
    vi.stubEnv('WARPFOLD_REPLAY', place);
    const again = await messageOf(agrees(wrong, { devices: ['cpu'] }));
    expect(again.split('\n').slice(0, 2)).toEqual(first.split('\n').slice(0, 2));
    expect(again).toContain('found in run 1, made smaller 0 times');
    expect(new Set(lengthsSeen)).toEqual(new Set([6]));
  });

  test('fails on its printed case alone', async () => {
    await expect(agrees(wrong, { devices: ['cpu'], sizes: { n: 5 }, seed: 0 })).resolves.toMatchObject({ cases: 1 });
    await expect(agrees(wrong, { devices: ['cpu'], sizes: { n: 6 }, seed: 0 })).rejects.toThrow("1 of 6 elements of 'out' differ");
  });
});

test('bounds of a case are those that devices are held to', async () => {
  const { inputs, exact, bounds } = await boundsOf(shifted, { sizes: { n: 40 }, seed: 3 });
  expect([...(inputs.x ?? [])].map((x) => x * 0.5 + 1)).toBeWithin(0, exact.out ?? []);
  expect(bounds.out).toBeGreaterThan(0);
  expect(bounds.out).toBeLessThan(1e-5);
});

describe('a device that the machine lacks', () => {
  /** Without compilers on the PATH a GPU is of no use either. */
  const gpuMissing = (missing: 'report' | 'fail', ...more: readonly 'cpu'[]): Promise<CheckReport> => {
    vi.stubEnv('PATH', '/nowhere');
    return agrees(shifted, { devices: ['cuda', ...more], missing, sizes: { n: 3 }, seed: 1 });
  };

  test('is named on stderr and in the report, and the others are checked', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { checked, missing } = await gpuMissing('report', 'cpu');
    const lines = said.mock.calls.map(([text]) => String(text));
    said.mockRestore();
    expect({ checked, lines }).toEqual({ checked: ['cpu'], lines: [`shifted: NOT CHECKED on cuda: ${missing[0]?.why}\n`] });
  });

  test('fails where that is asked for, and where no other device is left', async () => {
    await expect(gpuMissing('fail', 'cpu')).rejects.toThrow(/^shifted: NOT CHECKED on cuda: /);
    await expect(gpuMissing('report')).rejects.toThrow(/^shifted: NOT CHECKED on cuda: /);
  });
});

describe('cases', async () => {
  const drawn = fc.sample(await casesOf(attend), { numRuns: 300, seed: 1 });

  test('cover dtypes and tile edges, stay within the work allowed, and group heads', () => {
    expect(new Set(drawn.map((c) => c.dtypes?.['E']))).toEqual(new Set(['f32', 'bf16']));
    for (const axis of ['q', 'k']) expect([1, 15, 16, 17, 63, 64, 65].filter((n) => !drawn.some((c) => c.sizes[axis] === n))).toEqual([]);
    expect(drawn.some((c) => Number(c.sizes['q']) > 60 && Number(c.sizes['k']) > 60)).toBe(true);
    expect(drawn.every((c) => Object.values(c.sizes).reduce<number>((n, s) => n * (typeof s === 'number' ? s : 1), 1) <= 2 ** 18)).toBe(true);
    expect(drawn.every((c) => c.sizes['d'] === 16)).toBe(true);
  });

  test('give ragged axes parts with rows outside, indexes their axis and a little beyond, special values where elements stand alone', async () => {
    const ragged = fc.sample(await casesOf(totals), { numRuns: 100, seed: 1 });
    expect(new Set(ragged.map((c) => [c.sizes['k']].flat().length))).toEqual(new Set([1, 2, 3]));
    expect(ragged.some((c) => c.outside?.[0] === 2)).toBe(true);
    expect(ragged.every((c) => !('c' in c.sizes))).toBe(true);
    for (const c of fc.sample(await casesOf(rowsAt), { numRuns: 20, seed: 1 })) expect(c.values?.['ids']).toEqual({ min: -1, max: c.sizes['t'] });
    expect(fc.sample(await casesOf(shifted), { numRuns: 1, seed: 1 })[0]?.values?.['x']).toMatchObject({ specials: 0.1 });
    expect(drawn[0]?.values?.['q']).toEqual({});
  });

  test('a kernel of another file is not found, with the names that are there', async () => {
    await expect(casesOf({ ...shifted, kernelName: 'shiftde' })).rejects.toThrow(/plain\.ts exports no kernel 'shiftde'; it exports shifted, shiftedAtFirst, /);
    await expect(casesOf({ kernelName: 'shifted', reference: shifted.reference })).rejects.toThrow("kernel 'shifted' does not know its source; pass `file: new URL(");
  });
});
