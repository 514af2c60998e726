import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cacheSchedule } from '../../../codegen/schedule/model.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { type BlockOf, schedulesAround } from '../../../codegen/schedule/space.js';
import { warpSchedule } from '../../../codegen/schedule/warps.js';
import { factsOf } from '../../../codegen/tile/facts.js';
import { cascade, matmul, norm } from '../tile/programs.js';

const launches = { matmul, cascade: () => cascade(true), norm };
const around = (name: keyof typeof launches, blockOf: BlockOf, within: number): readonly [Schedule, readonly Schedule[]] => {
  const facts = factsOf(launches[name]());
  const { schedule } = blockOf === 'caches' ? cacheSchedule(facts) : warpSchedule(facts, 'long');
  return [schedule, schedulesAround(schedule, facts, blockOf, within)];
};

/** How many steps lie between two schedules, counted knob by knob; half steps where a block met its axis's end. */
function distance(a: Schedule, b: Schedule): number {
  const doublings = (x: number, y: number): number => Math.ceil(Math.abs(Math.log2(x / y)));
  const blocks = Object.keys(a.block).reduce((n, axis) => n + doublings(a.block[axis] ?? 1, b.block[axis] ?? 1), 0);
  return blocks + doublings(a.warps, b.warps) + Math.abs(a.stages - b.stages) + Math.abs(a.blocksPerProcessor - b.blocksPerProcessor) + (a.order === b.order ? 0 : 1);
}

const name = fc.constantFrom(...(Object.keys(launches) as (keyof typeof launches)[]));
const blockOf = fc.constantFrom<BlockOf>('caches', 'warps');

describe('the schedules around one', () => {
  property.prop([name, blockOf, fc.integer({ min: 0, max: 3 })])('are all different, begin with it, and lie no further away than asked', (n, by, within) => {
    const [centre, all] = around(n, by, within);
    expect(all[0]).toBe(centre);
    expect(new Set(all.map((s) => JSON.stringify(s))).size).toBe(all.length);
    expect(Math.max(...all.map((s) => distance(centre, s)))).toBeLessThanOrEqual(within);
  });

  property.prop([name, blockOf, fc.integer({ min: 1, max: 2 })])('further away are those nearby and more', (n, by, within) => {
    const keys = (w: number): readonly string[] => around(n, by, w)[1].map((s) => JSON.stringify(s));
    const far = new Set(keys(within + 1));
    expect(keys(within).every((k) => far.has(k))).toBe(true);
    expect(far.size).toBeGreaterThan(keys(within).length);
  });

  property.prop([name, blockOf])('cut the axes that the model cuts, in whole positions, and leave alone what there is not to choose', (n, by) => {
    const [centre, all] = around(n, by, 3);
    for (const s of all) {
      expect(Object.keys(s.block)).toEqual(Object.keys(centre.block));
      expect(Object.values(s.block).every((size) => Number.isInteger(size) && size >= 1)).toBe(true);
      expect([s.splits, s.roles, s.overlap, s.persistent]).toEqual([centre.splits, centre.roles, centre.overlap, centre.persistent]);
      if (by === 'caches') expect([s.warps, s.stages, s.blocksPerProcessor, s.order === 'grouped']).toEqual([1, 1, 1, false]);
    }
  });

  test('one step from a product on cores', () => {
    const [centre, all] = around('matmul', 'caches', 1);
    expect(all.slice(1).map((s) => [...Object.values(s.block), s.order].join(' '))).toEqual(['128 128 128 natural', '512 128 128 natural', '256 64 128 natural', '256 256 128 natural', '256 128 64 natural', '256 128 256 natural', '256 128 128 longestFirst']);
    expect(Object.keys(centre.block)).toEqual(['e', 't', 'f']);
  });
});
