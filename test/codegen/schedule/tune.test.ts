import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { deviation, spreadOf } from '../../../codegen/schedule/spread.js';
import { type Timer, tune } from '../../../codegen/schedule/tune.js';
import { uniform } from '../../kit/values.js';

/** A device on which candidate c takes `seconds[c]`, give or take `noise` of it, and which as a whole slows down by `drift` per call. */
function fakeTimer(seconds: readonly number[], { noise = 0, drift = 0, seed = 1 }: { readonly noise?: number; readonly drift?: number; readonly seed?: number } = {}): Timer & { readonly calls: number[] } {
  const calls: number[] = [];
  const timer = async (c: number): Promise<number> => {
    calls.push(c);
    return (seconds[c] ?? Number.NaN) * (1 + noise * (2 * uniform(seed, calls.length) - 1)) * (1 + drift * calls.length);
  };
  return Object.assign(timer, { calls });
}

const seed = fc.nat({ max: 1 << 20 });

describe('tuning', () => {
  property.prop([fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), { minLength: 1, maxLength: 12 })])('without noise finds the fastest, and only what gains a hundredth', async (others) => {
    const { rows, winner } = await tune(others.length + 1, fakeTimer([1, ...others]), { repeats: 3 });
    const best = Math.min(...others);
    if (best < 0.99) expect([1, ...others][winner ?? 0]).toBe(best);
    else expect(winner).toBeUndefined();
    expect(rows.map((r) => r.ratio.median)).toEqual([...rows.map((r) => r.ratio.median)].sort((a, b) => a - b));
    expect(rows).toHaveLength(others.length + 1);
  });

  // Twelve equals: a winner would be luck. One in forty is what four finalists with four and a half standard errors, estimated from ten samples each, leave to it.
  test('of equals hardly ever one wins, however noisy the device', async () => {
    const winners: unknown[] = [];
    for (let i = 0; i < 200; i++) winners.push((await tune(12, fakeTimer(new Array<number>(12).fill(1), { noise: 0.2, seed: i }), { repeats: 5 })).winner);
    expect(winners.filter((w) => w !== undefined).length).toBeLessThanOrEqual(5);
  });

  property.prop([seed])('sees a third through a tenth of noise while the device slows to a half', async (s) => {
    const { winner } = await tune(6, fakeTimer([1, 1.1, 0.67, 1.2, 1, 1.4], { noise: 0.1, drift: 0.01, seed: s }), { repeats: 5 });
    expect(winner).toBe(2);
  });

  test('does not time again what is far behind, and measures the best anew', async () => {
    const timer = fakeTimer([1, 5, 0.9, 0.95]);
    const { rows, winner } = await tune(4, timer, { repeats: 6, finalists: 1 });
    expect([0, 1, 2, 3].map((c) => timer.calls.filter((x) => x === c).length)).toEqual([18, 2, 18, 6]);
    expect(winner).toBe(2);
    expect(rows.map((r) => [r.candidate, r.final])).toEqual([[2, true], [3, false], [0, true], [1, false]]);
  });

  test('a candidate that fails loses, a default that fails ends it', async () => {
    const failing = (bad: number): Timer => async (c) => { if (c === bad) throw new Error('out of registers'); return 1 - c / 10; };
    const { rows, winner } = await tune(3, failing(2), { repeats: 3 });
    expect([winner, rows.at(-1)?.candidate, rows.at(-1)?.failed]).toEqual([1, 2, 'out of registers']);
    await expect(tune(3, failing(0), { repeats: 3 })).rejects.toThrow('out of registers');
  });

  test('says how far it is, never beyond the end', async () => {
    const seen: (readonly [number, number])[] = [];
    await tune(5, fakeTimer([1, 1, 3, 1, 1]), { repeats: 4, progress: (...x) => seen.push(x) });
    expect(seen.every(([done, all], i) => done <= all && done >= (seen[i - 1]?.[0] ?? 0))).toBe(true);
    expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1]);
  });
});

describe('a spread', () => {
  property.prop([fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })])('lies inside its samples and does not depend on their order', (xs) => {
    const s = spreadOf(xs);
    expect(s.p10).toBeLessThanOrEqual(s.median);
    expect(s.p90).toBeGreaterThanOrEqual(s.median);
    expect([s.p10 >= Math.min(...xs), s.p90 <= Math.max(...xs), s.mad >= 0, s.samples]).toEqual([true, true, true, xs.length]);
    expect(spreadOf([...xs].reverse())).toEqual(s);
  });

  test('estimates the deviation of normal noise', () => {
    const normal = Array.from({ length: 20_000 }, (_, i) => Math.sqrt(-2 * Math.log(1 - uniform(1, 2 * i))) * Math.cos(2 * Math.PI * uniform(1, 2 * i + 1)));
    expect(Math.abs(deviation(spreadOf(normal)) - 1)).toBeLessThan(0.04);
  });
});
