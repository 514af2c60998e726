import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { expectAgreementOn } from '../tile/agreement.js';
import { caseOf, programs } from '../stream/programs.js';

/** Little memory for tiles makes the model choose small blocks, so that small sizes already have many of them. */
const small = { ...targets.cpu, tileBytes: 24 * 1024 };

describe.each([...programs('columns', 'general', 'masks', 'scorers', 'statistics', 'variants')])('the tile program of %s', (_name, def) => {
  test('is made', () => expect(compileKernel(def, small).launches.length).toBeGreaterThan(0));
  property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 4 })('equals its graph', (seed) => {
    const c = caseOf(def, seed);
    expectAgreementOn(def, compileKernel(def, small).launches.map((l) => l.kernel), c.inputs, c.sizes);
  });
});
