import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { candidatesWithin, type SearchCost } from '../../../codegen/schedule/budget.js';

const searches = fc.array(fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { maxLength: 6 }), { maxLength: 8 });
const cost = fc.record({ search: fc.double({ min: 0.1, max: 5, noNaN: true }), candidate: fc.double({ min: 0.1, max: 5, noNaN: true }) });
const seconds = fc.double({ min: 0, max: 100, noNaN: true });

/** What searches with so many candidates take: the model's schedule is one more. */
const spent = (counts: readonly number[], { search, candidate }: SearchCost): number => counts.reduce((n, c) => n + (c === 0 ? 0 : search + (c + 1) * candidate), 0);

describe('candidates within a time', () => {
  property.prop([searches, seconds, cost])('take no longer, by what they are thought to take', (all, time, price) => {
    // Rounding of sums of at most a hundred terms.
    expect(spent(candidatesWithin(all, time, price), price)).toBeLessThanOrEqual(time * (1 + 1e-12));
  });

  property.prop([searches, seconds, seconds, cost])('become no fewer with more time', (all, a, b, price) => {
    const [less, more] = [candidatesWithin(all, Math.min(a, b), price), candidatesWithin(all, Math.max(a, b), price)];
    expect(less.every((n, i) => n <= (more[i] ?? 0))).toBe(true);
  });

  property.prop([searches, cost])('with all the time there is are those that the model may be wrong about: within half of the best of their launch', (all, price) => {
    const counts = candidatesWithin(all, Number.POSITIVE_INFINITY, price);
    for (const [i, ratios] of all.entries()) {
      const best = Math.min(1, ...ratios);
      const sure = ratios.findIndex((r) => r / best > 1.5);
      expect(counts[i]).toBe(sure < 0 ? ratios.length : sure);
    }
  });

  test('go where the model is unsure: to the launch whose schedules it can hardly tell apart', () => {
    expect(candidatesWithin([[1.4, 1.45], [1.01, 1.02], [0.9, 0.91]], 8, { search: 1, candidate: 1 })).toEqual([0, 2, 2]);
    expect(candidatesWithin([[1.6], []], 100, { search: 1, candidate: 1 })).toEqual([0, 0]);
  });
});
