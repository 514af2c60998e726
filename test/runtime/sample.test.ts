import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { greedy, topLogits } from '../../runtime/sample.js';

// Few different values, so that ties are common.
const logits = fc.array(fc.constantFrom(-Infinity, -1, 0, 0.5, 2), { minLength: 1, maxLength: 30 }).map((xs) => Float32Array.from(xs));

test.prop([logits, fc.integer({ min: 1, max: 40 })])('top logits are those of a stable sort, greedy is the first of them', (xs, count) => {
  const sorted = [...xs.entries()].sort(([, a], [, b]) => (a === b ? 0 : b - a)).slice(0, count);
  expect(topLogits(xs, count)).toEqual(sorted);
  expect(greedy(xs)).toBe(sorted[0]?.[0]);
});
