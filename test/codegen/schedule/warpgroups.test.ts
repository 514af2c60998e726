import { describe, expect, test } from 'vitest';
import { compilePlan, planVariants, targets } from '../../../codegen/compile.js';
import { launchTiles } from '../../../codegen/tilePasses.js';
import { fixed } from '../../../codegen/candidates.js';
import { tryTiles } from '../../../codegen/fitting.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { groupSchedules } from '../../../codegen/schedule/warpgroups.js';
import type { Schedule, ScheduleChoice } from '../../../codegen/schedule/schedule.js';
import { factsOf } from '../../../codegen/tile/facts.js';
import { cascade, matmul } from '../tile/programs.js';

const target = targets.sm_90a;
const sources = readKernels(['test/gpu/kernels/attention.ts', 'runtime/kernels/linear.ts', 'runtime/kernels/swiglu.ts', 'runtime/kernels/queryAttention.ts']);
const planOf = (kernel: string, variant: string) => {
  const def = sources.find((k) => k.name === kernel)?.variants.find((v) => v.variant === variant);
  const plan = def && planVariants(def, target).at(-1);
  const [launch] = plan?.launches ?? [];
  return plan && launch ? { plan, launch } : expect.unreachable(`no ${kernel} ${variant}`);
};
const schedules = (kernel: string, variant: string): readonly Schedule[] => groupSchedules(factsOf(planOf(kernel, variant).launch), 'long').map((c) => c.schedule);

/** Registers of a computing thread, with the operand between products where they overlap: two rows of a warpgroup's 64 stand in four lanes. */
const registers = (walked: number, depth: number, overlap: Schedule['overlap']): number => walked / 2 + depth / 2 + (overlap === 'none' ? 0 : walked / 4) + 32;

/** Registers that a schedule gives a thread that loads, and one that computes. */
const budget = (roles: Schedule['roles']): readonly [load: number, math: number] => (roles !== 'uniform' && roles.by === 'warpgroups' ? roles.registers : [0, 0]);

describe('schedules of warpgroups', () => {
  const chains = [64, 128, 256].flatMap((depth) => schedules('fullAttention', `bf16_d${depth}`).map((s) => [depth, s.warps / 4, s.block['k'] ?? 0, s] as const));

  test.each(chains)('of chained products %i deep, %i warpgroups over windows of %i keep within registers and shared memory', (depth, consumers, walked, { roles, stages, block, overlap }) => {
    const [load, math] = budget(roles);
    expect(registers(walked, depth, overlap)).toBeLessThanOrEqual(math);
    // All threads together: a warpgroup that loads, and those that compute.
    expect(128 * (load + consumers * math)).toBeLessThanOrEqual(65_536);
    expect([load % 8, math % 8]).toEqual([0, 0]);
    expect(64 * consumers * depth * 2 + stages * walked * 2 * depth * 2).toBeLessThanOrEqual(232_448);
    expect(block['q']).toBe(64 * consumers);
  });

  test('the first one is what runs, with the memory that its boxes take', () => {
    for (const [depth, , , schedule] of chains.filter(([d], i) => chains.findIndex(([o]) => o === d) === i)) {
      const { plan } = planOf('fullAttention', `bf16_d${depth}`);
      const [kernel] = compilePlan(plan).launches.map((l) => l.kernel);
      if (!kernel) throw new Error('no launch');
      // Where all walk equally far, blocks follow each other as their rows do.
      expect({ ...kernel.schedule, order: schedule.order }).toEqual(schedule);
      const { q = 0, k = 0 } = schedule.block;
      const inBoxes = q * depth * 2 + schedule.stages * k * 2 * depth * 2;
      const barriers = 2 * 8 * (1 + 2 * schedule.stages);
      // Results take a detour where there is room for them.
      expect([inBoxes + barriers, inBoxes + q * depth * 2 + barriers]).toContain(target.needs(kernel).sharedBytes);
      expect(target.needs(kernel).threads).toBe(schedule.warps * 32 + 128);
    }
  });

  test.each([['linear', 'bf16'], ['swiglu', 'bf16']] as const)('of %s have accumulators that fill registers, and rings that fit', (kernel, variant) => {
    for (const { block, roles, warps } of schedules(kernel, variant)) {
      const [rows = 0, columns = 0] = [block['q'] ?? 0, block['f'] ?? 0];
      const products = factsOf(planOf(kernel, variant).launch).products;
      expect(products * (rows / (warps / 4) / 64) * (columns / 2)).toBeLessThanOrEqual(budget(roles)[1] - 32);
    }
  });

  test('is refused where its windows do not fit, with both amounts', () => {
    const { launch } = planOf('fullAttention', 'bf16_d128');
    const [first] = schedules('fullAttention', 'bf16_d128');
    if (!first) throw new Error('no schedule');
    expect(tryTiles(launch, { ...first, stages: 4 }, target, (s) => launchTiles(launch, s, target))).toEqual({ why: expect.stringMatching(/^a block needs \d+ KiB of tiles, 227 KiB are there$/) });
  });

  test('is refused where products are not for warpgroups', () => {
    const { launch } = planOf('fullAttention', 'bf16_d96');
    const [first] = schedules('fullAttention', 'bf16_d128');
    if (!first) throw new Error('no schedule');
    expect(tryTiles(launch, first, target, (s) => launchTiles(launch, s, target))).toEqual({ why: 'its products are not for warpgroups' });
  });

  test('a measured choice runs in roles like the model\'s, where as many warps have them', () => {
    const { plan } = planOf('fullAttention', 'bf16_d128');
    const [first] = schedules('fullAttention', 'bf16_d128');
    if (!first) throw new Error('no schedule');
    const { block, warps, stages, blocksPerProcessor, order } = first;
    const rolesOf = (choice: ScheduleChoice): unknown => compilePlan(plan, () => fixed(choice)).launches[0]?.kernel.roles;
    expect(rolesOf({ block, warps, stages, blocksPerProcessor, order })).toBeDefined();
    expect(rolesOf({ block: { ...block, q: 32, k: 32 }, warps: 2, stages: 2, blocksPerProcessor, order })).toBeUndefined();
  });

  test('there are none for products of 32-bit numbers and for what has no products', () => {
    expect([groupSchedules(factsOf(matmul()), 'long'), groupSchedules(factsOf(cascade(true)), 'long')]).toEqual([[], []]);
  });

  test('for few rows, warps compute, and a block has at most 64 KiB of windows, one that takes a multiprocessor for itself 96', () => {
    for (const [kernel, variant, windowOf] of [
      ['linear', 'bf16', ({ q = 0, e = 0, f = 0 }) => (q + f) * e], ['fullAttention', 'bf16_d64', ({ k = 0 }) => 2 * k * 64], ['fullAttention', 'bf16_d128', ({ k = 0 }) => 2 * k * 128],
    ] as const satisfies readonly (readonly [string, string, (block: Schedule['block']) => number])[]) {
      const [schedule, ...more] = groupSchedules(factsOf(planOf(kernel, variant).launch), 'few').map((c) => c.schedule);
      if (!schedule) throw new Error('no schedule');
      expect([more, schedule.roles]).toEqual([[], { by: 'warps' }]);
      const windows = schedule.stages * 2 * windowOf(schedule.block);
      const most = kernel === 'linear' ? 65_536 : 98_304;
      expect([windows <= most, windows > most / 2]).toEqual([true, true]);
    }
  });

  test('a query whose scores meet more from memory has blocks of 16 rows and less under way, others of 64', () => {
    const shapeOf = (kernel: string): readonly unknown[] => {
      const { block: { q = 0, r = 1 } = {}, stages } = groupSchedules(factsOf(planOf(kernel, 'bf16_d128').launch), 'few')[0]?.schedule ?? {};
      return [q * r, stages];
    };
    expect([shapeOf('fullAttention'), shapeOf('queryAttention')]).toEqual([[64, 3], [16, 2]]);
  });
});
