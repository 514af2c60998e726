import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { philox, uniformAt, type Words } from '../../runtime/random.js';
import { descending } from '../../runtime/ranked.js';
import { greedy } from '../../runtime/sample.js';
import { type Candidates, candidates, drawn, type Limits, samplerOf } from '../../runtime/sampler.js';

// Small vocabularies, whose probabilities can be written out; few values, so that ties are common.
const score = fc.oneof(fc.constantFrom(-Infinity, -2, 0, 0.5, 3), fc.float({ min: -8, max: 8, noNaN: true }));
const scores = fc.array(score, { minLength: 1, maxLength: 12 }).filter((xs) => xs.some((x) => x > -Infinity)).map((xs) => Float32Array.from(xs));
const limits = fc.record({
  temperature: fc.constantFrom(0.3, 0.7, 1, 2), topK: fc.constantFrom(1, 2, 3, 5, Number.POSITIVE_INFINITY), topP: fc.constantFrom(0.05, 0.5, 0.8, 0.95, 1), minP: fc.constantFrom(0, 0.05, 0.3, 1),
});
const none: Limits = { temperature: 1, topK: Number.POSITIVE_INFINITY, topP: 1, minP: 0 };

/** Probability of every token, by definition. */
function probabilities(logits: Float32Array, temperature: number): readonly number[] {
  const weights = [...logits].map((x) => Math.exp((x - Math.max(...logits)) / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
const shares = ({ ids, weights }: Candidates): ReadonlyMap<number, number> => {
  const sum = Array.from(weights).reduce((a, b) => a + b, 0);
  return new Map(Array.from(ids, (id, i) => [id, (weights[i] ?? 0) / sum] as const).filter(([, share]) => share > 0));
};
/** Likeliest first, ties to the lower id. */
const ranked = (scores: Float32Array): readonly number[] => [...scores.keys()].sort((a, b) => (scores[a] === scores[b] ? a - b : (scores[b] ?? 0) - (scores[a] ?? 0)));

describe('what may be drawn', () => {
  test.prop([scores, fc.constantFrom(0.3, 1, 2)])('without limits every token has its own probability', (logits, temperature) => {
    const p = probabilities(logits, temperature);
    const got = shares(candidates(logits, { ...none, temperature }));
    for (const [id, share] of p.entries()) expect(got.get(id) ?? 0).toBeCloseTo(share, 12);
  });

  test.prop([scores, limits])('is as the limits say, one after the other: topK, the fewest that reach topP, what minP leaves', (logits, limit) => {
    const p = probabilities(logits, limit.temperature);
    const first = ranked(logits).slice(0, limit.topK).filter((id) => (p[id] ?? 0) > 0);
    const sum = first.reduce((s, id) => s + (p[id] ?? 0), 0);
    let reached = 0;
    const nucleus = first.filter((id) => {
      const isNeeded = limit.topP === 1 || reached < limit.topP * sum * (1 - 1e-12);
      reached += p[id] ?? 0;
      return isNeeded;
    });
    const left = nucleus.filter((id) => (p[id] ?? 0) >= limit.minP * Math.max(...p) * (1 - 1e-12));
    const got = shares(candidates(logits, limit));
    // A share that equals a limit but for rounding may fall on either side.
    const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
    if (!first.some((_, i) => close(first.slice(0, i + 1).reduce((s, id) => s + (p[id] ?? 0), 0), limit.topP * sum))) expect([...got.keys()].sort((a, b) => a - b)).toEqual([...left].sort((a, b) => a - b));
    const total = [...got.keys()].reduce((s, id) => s + (p[id] ?? 0), 0);
    for (const [id, share] of got) expect(share).toBeCloseTo((p[id] ?? 0) / total, 9);
  });

  test.prop([scores, limits, fc.integer({ min: -64, max: 64 })])('does not change when all scores move alike', (logits, limit, shift) => {
    // Eighths and a whole shift: the sums are exact in f32.
    const grid = logits.map((x) => Math.round(x * 8) / 8);
    expect(candidates(grid.map((x) => x + shift), limit)).toEqual(candidates(grid, limit));
  });

  test.prop([scores])('is the likeliest alone with topK 1, with a tiny topP and with minP 1 but for ties', (logits) => {
    expect([...shares(candidates(logits, { ...none, topK: 1 })).keys()]).toEqual([greedy(logits)]);
    expect([...shares(candidates(logits, { ...none, topP: Number.MIN_VALUE })).keys()]).toEqual([greedy(logits)]);
    const likeliest = [...logits.keys()].filter((id) => Math.exp((logits[id] ?? 0) - Math.max(...logits)) === 1);
    expect([...shares(candidates(logits, { ...none, minP: 1 })).keys()].sort((a, b) => a - b)).toEqual(likeliest);
  });

  test.prop([scores, fc.integer({ min: 0, max: 2 ** 32 - 1 })])('is near the likeliest as the temperature goes to 0', (logits, seed) => {
    const choose = samplerOf({ temperature: 1e-6, seed }).choose;
    expect(logits[choose?.(logits, 0) ?? -1]).toBeCloseTo(Math.max(...logits), 3);
  });

  example('never holds NaN, and holds an infinite score alone', () => {
    expect([...shares(candidates(Float32Array.of(Number.NaN, 1, Number.NaN), none)).keys()]).toEqual([1]);
    expect([...shares(candidates(Float32Array.of(5, Infinity, 7), none)).keys()]).toEqual([1]);
  });
});

describe('a draw', () => {
  test.prop([scores, limits])('gives every token exactly its share of the numbers from 0 to 1', (logits, limit) => {
    const options = candidates(logits, limit);
    const got = shares(options);
    let at = 0;
    for (const [id, share] of got) {
      expect(drawn(options, at + share / 2)).toBe(id);
      at += share;
    }
    expect(at).toBeCloseTo(1, 12);
    expect([...got.keys()]).toContain(drawn(options, 1 - 2 ** -53));
  });

  test.prop([scores, fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(1000)])('depends on seed and place alone', (logits, seed, place) => {
    const [a, b] = [samplerOf({ temperature: 1, seed }), samplerOf({ temperature: 1, seed })];
    for (const other of [place + 7, 3]) b.choose?.(logits, other);
    expect(a.choose?.(logits, place)).toBe(b.choose?.(logits, place));
  });

  example('without a seed has one drawn, and without a temperature none', () => {
    expect(samplerOf({ temperature: 1 }).seed).not.toBe(samplerOf({ temperature: 1 }).seed);
    expect(samplerOf({ seed: 5 })).toEqual({ seed: undefined, choose: undefined });
  });

  example.each([
    [{ temperature: -1 }, 'temperature is -1'], [{ temperature: Number.NaN }, 'temperature is NaN'], [{ topK: 0 }, 'topK is 0'], [{ topK: 1.5 }, 'topK is 1.5'],
    [{ topP: 0 }, 'topP is 0'], [{ topP: 1.1 }, 'topP is 1.1'], [{ minP: -0.1 }, 'minP is -0.1'], [{ seed: -1 }, 'seed is -1'], [{ seed: 2 ** 32 }, 'seed is 4294967296'],
  ])('%j is refused', (request, message) => {
    expect(() => samplerOf(request)).toThrow(expect.objectContaining({ code: 'R403', message: expect.stringContaining(`${message}, it must be`) }));
  });
});

describe('random numbers', () => {
  // Known answers of the authors' own implementation (Random123, kat_vectors).
  example.each<[Words, readonly [number, number], Words]>([
    [[0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]],
  ])('%j under %j are the published ones', (counter, key, want) => { expect(philox(counter, key)).toEqual(want); });

  test.prop([fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat()])('lie from 0 to below 1', (seed, place) => {
    const u = uniformAt(seed, place);
    expect(u >= 0 && u < 1).toBe(true);
  });
});

test.prop([fc.array(fc.oneof(fc.constantFrom(-1, 0, 2, Number.NaN, Infinity, -Infinity), fc.double()), { maxLength: 40 })])('indices come from the largest number down, ties to the lower index', (numbers) => {
  const value = (x: number | undefined): number => (x === undefined || Number.isNaN(x) ? -Infinity : x);
  const sorted = [...numbers.keys()].sort((a, b) => (value(numbers[a]) === value(numbers[b]) ? a - b : value(numbers[a]) > value(numbers[b]) ? -1 : 1));
  expect([...descending(numbers)]).toEqual(sorted);
});
