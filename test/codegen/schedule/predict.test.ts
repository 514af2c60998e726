import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { targets } from '../../../codegen/compile.js';
import { launchTiles } from '../../../codegen/tilePasses.js';
import { cacheSchedule } from '../../../codegen/schedule/model.js';
import { coreRates, predict } from '../../../codegen/schedule/predict.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { factsOf } from '../../../codegen/tile/facts.js';
import { cascade, matmul } from '../tile/programs.js';

const seconds = (launch: ReturnType<typeof matmul>, lengths: Readonly<Record<string, number>>, change: Partial<Schedule> = {}, processors = 2): number =>
  predict(launchTiles(launch, { ...cacheSchedule(factsOf(launch)).schedule, ...change }, targets.cpu), lengths, coreRates(processors));

const length = fc.integer({ min: 128, max: 4096 });

describe('the estimated time of a schedule', () => {
  property.prop([length, length, length])('grows with every axis, and is less with more cores', (t, e, f) => {
    const own = seconds(matmul(), { t, e, f });
    expect(own).toBeGreaterThan(0);
    for (const more of [{ t: 2 * t }, { e: 2 * e }, { f: 2 * f }]) expect(seconds(matmul(), { t, e, f, ...more })).toBeGreaterThan(own);
    expect(seconds(matmul(), { t, e, f }, {}, 8)).toBeLessThan(own);
  });

  // The operations alone take 2·t·e·f over the rate of all cores. Up to 24 blocks every one is looked at.
  property.prop([fc.integer({ min: 1, max: 512 }), length, fc.integer({ min: 1, max: 512 })])('is at least that of its operations', (t, e, f) => {
    expect(seconds(matmul(), { t, e, f })).toBeGreaterThanOrEqual((2 * t * e * f) / (2 * coreRates(2).whole));
  });

  test('knows that what a mask hides is not computed, and that long blocks must not come last', () => {
    const lengths = { q: 2048, k: 2048, d: 8 };
    const [full, causal] = [seconds(cascade(false), lengths), seconds(cascade(true), lengths)];
    expect(causal / full).toBeGreaterThan(0.45);
    expect(causal / full).toBeLessThan(0.7);
    expect(seconds(cascade(true), lengths, { order: 'natural' }, 16)).toBeGreaterThan(seconds(cascade(true), lengths, { order: 'longestFirst' }, 16));
  });

  test('tiny blocks cost more than they are worth', () => {
    expect(seconds(matmul(), { t: 1024, e: 1024, f: 1024 }, { block: { t: 4, f: 4, e: 16 } })).toBeGreaterThan(2 * seconds(matmul(), { t: 1024, e: 1024, f: 1024 }));
  });
});
