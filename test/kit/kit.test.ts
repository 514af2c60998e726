import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { roundTo } from '../../dsl/dtype.js';
import { bias, documentOf, masks, sees } from './masks.js';
import { replayParameters, runsOf } from './replay.js';
import { edgeLengths, length, lengths } from './shapes.js';
import { fusedBound, mismatches, sumBound, tolerance } from './tolerance.js';
import { specials, uniform, values } from './values.js';

describe('values', () => {
  property.prop([fc.integer(), fc.nat({ max: 300 }), fc.nat({ max: 300 })])('a longer array begins like a shorter one', (seed, a, b) => {
    expect(values(seed, a + b).subarray(0, a)).toEqual(values(seed, a));
  });

  property.prop([fc.integer()])('streams of neighbouring seeds are uncorrelated', (seed) => {
    const correlation = (other: number): number => Array.from({ length: 4000 }, (_, i) => (uniform(seed, i) - 0.5) * (uniform(other, i) - 0.5) * 12).reduce((a, b) => a + b, 0) / 4000;
    // Five standard deviations of a mean of 4,000 products with unit variance; a stream against itself gives 1.
    expect(Math.abs(correlation(seed + 1))).toBeLessThan(5 / Math.sqrt(4000));
    expect(correlation(seed)).toBeGreaterThan(0.8);
  });

  test('values are those of the dtype, and specials come at the share asked for', () => {
    expect(values(1, 500, { dtype: 'bf16' }).every((x) => Object.is(roundTo.bf16(x), x))).toBe(true);
    expect(new Set(values(1, 500, { dtype: 'i32', min: 0, max: 3 }))).toEqual(new Set([0, 1, 2, 3]));
    const odd = values(3, 4000, { dtype: 'f16', specials: 0.25 }).filter((x) => specials.f16.some((s) => Object.is(s, x))).length;
    expect(odd / 4000).toBeCloseTo(0.25, 1);
    for (const [dtype, list] of Object.entries(specials)) expect(list.every((x) => Object.is(roundTo[dtype as keyof typeof specials](x), x)), dtype).toBe(true);
  });
});

describe('shapes', () => {
  test('edges surround every power of two and the tile', () => {
    expect(edgeLengths(40, 24)).toEqual([1, 2, 3, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33]);
  });

  property.prop([length({ min: 0, max: 40 }), lengths(['q', 'k'], { max: 12 })])('lengths stay within their limits', (n, { q, k }) => {
    expect(n).toBeGreaterThanOrEqual(0);
    expect(n).toBeLessThanOrEqual(40);
    expect(Math.min(q, k)).toBeGreaterThanOrEqual(1);
    expect(Math.max(q, k)).toBeLessThanOrEqual(12);
  });
});

describe('masks', () => {
  property.prop([masks(), fc.nat(80), fc.nat(80)])('a bias hides just what the mask does not see', (mask, q, k) => {
    expect(bias(mask)({ q, k })).toBe(sees(mask, q, k) ? 0 : -Infinity);
    expect(bias(mask, 'row', 'column')({ row: q, column: k })).toBe(bias(mask)({ q, k }));
  });

  property.prop([masks(['causal', 'window', 'prefix', 'dilated']), fc.nat(80), fc.nat(80)])('which look back see a query itself, and ahead only a prefix and what stands further', (mask, q, k) => {
    expect(sees(mask, q, q)).toBe(true);
    const reach = mask.kind === 'causal' ? q + mask.first : mask.kind === 'prefix' ? Math.max(q, mask.length - 1) : q;
    if (k > reach) expect(sees(mask, q, k)).toBe(false);
  });

  property.prop([fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })])('documents follow each other with the lengths they have', (lengths) => {
    const ids = Array.from({ length: lengths.reduce((a, b) => a + b) }, (_, i) => documentOf(lengths, i));
    expect(lengths.map((_, d) => ids.filter((id) => id === d).length)).toEqual(lengths);
    expect(ids.toSorted((a, b) => a - b)).toEqual(ids);
    expect(documentOf(lengths, ids.length)).toBe(lengths.length - 1);
  });
});

describe('tolerances', () => {
  property.prop([fc.integer(), fc.integer({ min: 1, max: 400 })])('a sum in f32 is within its bound, a sum that lost a term is not', (seed, n) => {
    const terms = values(seed, n, { min: 1, max: 2 });
    const exact = terms.reduce((a, b) => a + b, 0);
    const inF32 = terms.reduce((a, b) => Math.fround(a + b), 0);
    const bound = sumBound(n, exact, exact, 'f32');
    expect(mismatches([inF32], [exact], bound)).toEqual([]);
    expect(mismatches([inF32 - (terms[0] ?? 0)], [exact], bound)).toHaveLength(1);
  });

  property.prop([fc.integer(), fc.integer({ min: 1, max: 400 }), fc.constantFrom('f32', 'bf16', 'f16')])('a tolerance covers any order of a sum and the rounding of its result, and no lost term', (seed, length, dtype) => {
    const terms = values(seed, length, { min: 0.5, max: 1, dtype });
    const inF32 = terms.reduceRight((a, b) => Math.fround(a + b), 0);
    const exact = terms.reduce((a, b) => a + b, 0);
    expect([roundTo[dtype](inF32)]).toBeWithin(tolerance(dtype, { length, result: exact }), [exact]);
    expect(mismatches([inF32 - length / 2], [exact], tolerance(dtype, { length }))).toHaveLength(1);
  });

  test('the main rule allows as much again as the unfused computation errs', () => {
    expect(fusedBound([1, NaN], [1.25, NaN], 'f32')).toBeGreaterThanOrEqual(0.5);
    expect(fusedBound([1], [1.25], 'f32')).toBeLessThan(0.5001);
    expect(fusedBound([1], [1], 'bf16')).toBeGreaterThan(fusedBound([1], [1], 'f32'));
  });

  test('NaN and infinities must stand where they are expected, whatever the bound', () => {
    expect(mismatches([NaN, 1, Infinity, -Infinity, 2], [NaN, NaN, Infinity, Infinity, 2], Infinity).map((m) => m.index)).toEqual([1, 3]);
    expect(mismatches([1, 2], [1], 9)).toHaveLength(1);
  });

  test('toBeWithin says how many elements are out and where the first is', () => {
    expect([1, 2]).toBeWithin(0.1, [1.05, 2]);
    expect(() => expect([1, 3, 4]).toBeWithin(0.5, [1, 2, 3])).toThrow('2 of 3 elements are out of bounds; first at 1: 3, expected 2 ± 0.5');
  });
});

describe('replay', () => {
  test('one variable holds the seed and the path to a case', () => {
    expect(replayParameters({ WARPFOLD_REPLAY: '7:3:1' })).toEqual({ seed: 7, path: '3:1', endOnFailure: true });
    expect(replayParameters({ WARPFOLD_REPLAY: '-7' })).toEqual({ seed: -7 });
    expect(replayParameters({ WARPFOLD_REPLAY: 'random' })).toEqual({});
    expect(replayParameters({}).seed).toBeTypeOf('number');
    expect(() => replayParameters({ WARPFOLD_REPLAY: 'again' })).toThrow("WARPFOLD_REPLAY must be what a failure printed (seed:path), a seed, or 'random', not 'again'");
    expect([runsOf(30, {}), runsOf(30, { WARPFOLD_RUNS: '10' }), runsOf(30, { WARPFOLD_RUNS: '0.001' })]).toEqual([30, 300, 1]);
    expect(() => runsOf(30, { WARPFOLD_RUNS: 'many' })).toThrow("WARPFOLD_RUNS must be a positive factor, not 'many'");
  });

  // @fast-check/vitest repeats its plain tests as often as the global number of runs says.
  let plainRuns = 0;
  property('a test that draws nothing runs', () => { plainRuns += 1; });
  test('as often as it is written, unless more is asked for', () => expect(plainRuns).toBe(runsOf(1, process.env)));
});
