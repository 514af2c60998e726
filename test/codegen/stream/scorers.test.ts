import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { check } from '../../../codegen/graph/check.js';
import { stream } from '../../../codegen/stream/derive.js';
import { caseOf, distance, programs } from './programs.js';

// The catalogue is kvpress' (Apache-2.0), names and formulas alone.
const scorers = programs('scorers');

test('at least 20 published scores of cached keys are expressions that stream', () => {
  expect(scorers.size).toBeGreaterThanOrEqual(20);
});

describe.each([...scorers])('%s', (_, def) => {
  const streamed = stream(def);
  check(streamed, 'stream');
  property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 6 })('means the same in blocks', (seed) => {
    expect(distance(def, streamed, caseOf(def, seed), seed)).toBeLessThan(1e-11);
  });
});
