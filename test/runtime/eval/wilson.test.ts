import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { aggregates, median } from '../../../runtime/eval/aggregate.js';
import type { CaseResult } from '../../../runtime/eval/results.js';
import { wilson, z95 } from '../../../runtime/eval/wilson.js';

const shares = fc.integer({ min: 1, max: 300 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe("Wilson's interval", () => {
  test.prop([shares])('holds the share, lies in [0, 1], and mirrors', ([right, count]) => {
    const { low, high } = wilson(right, count);
    expect(low <= right / count && right / count <= high && low >= 0 && high <= 1).toBe(true);
    const mirrored = wilson(count - right, count);
    expect([1 - mirrored.high, 1 - mirrored.low]).toEqual([expect.closeTo(low, 12), expect.closeTo(high, 12)]);
  });

  test.prop([shares.filter(([right, count]) => right > 0 && right < count)])('its ends are the shares that lie z standard errors, by their own spread, from what was seen', ([right, count]) => {
    const { low, high } = wilson(right, count);
    for (const p of [low, high]) expect(Math.abs(right / count - p)).toBeCloseTo(z95 * Math.sqrt((p * (1 - p)) / count), 9);
  });

  test.prop([fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 9 })])('more cases make it narrower', (right, times) => {
    const width = (k: number): number => { const { low, high } = wilson(right * k, 20 * k); return high - low; };
    expect(width(times)).toBeLessThan(width(1));
  });
});

describe('aggregates', () => {
  const cost = { tokens: 100, seconds: 1, peakBytes: 5 };
  const answer = (index: number, score: number, seconds = 1): CaseResult => ({ kind: 'answer', task: 'passkey', method: 'full', length: 64, index, expected: ['1'], answer: '1', score, ...cost, seconds });

  test('failures count apart from wrong answers', () => {
    const failed: CaseResult = { kind: 'failed', task: 'passkey', method: 'full', length: 64, index: 9, code: 'R014', message: 'not enough memory' };
    expect(aggregates([answer(0, 1, 2), answer(1, 0, 4), failed])).toEqual([expect.objectContaining({ kind: 'accuracy', cases: 3, failed: 1, score: 0.5, seconds: 3, tokens: 100, peakBytes: 5 })]);
    expect(aggregates([failed])).toEqual([{ kind: 'failed', task: 'passkey', method: 'full', length: 64, cases: 1, failed: 1, message: 'not enough memory' }]);
  });

  test('perplexity is over all tokens, long cases weighing more', () => {
    const ppl = (index: number, nll: number, predicted: number): CaseResult => ({ kind: 'perplexity', task: 'ppl', method: 'full', length: 64, index, nll, predicted, ...cost });
    const [point] = aggregates([ppl(0, 1, 30), ppl(1, 2, 10)]);
    expect(point).toMatchObject({ kind: 'perplexity', perplexity: expect.closeTo(Math.exp(1.25), 9) as number });
    expect(point?.kind === 'perplexity' && point.low < point.perplexity && point.perplexity < point.high).toBe(true);
  });

  test.prop([fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 9 })])('as many values lie below the median as above it', (values) => {
    const m = median(values);
    expect(values.filter((v) => v < m).length).toBeLessThanOrEqual(values.length / 2);
    expect(values.filter((v) => v > m).length).toBeLessThanOrEqual(values.length / 2);
  });
});
