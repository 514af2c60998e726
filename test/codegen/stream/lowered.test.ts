import { fc, test as property } from '@fast-check/vitest';
import { describe } from 'vitest';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { expectAgreementOn } from '../tile/agreement.js';
import { caseOf, programs } from './programs.js';

/** Little memory for tiles makes small blocks, so that small sizes already have several of them. */
const target = { ...targets.cpu, tileLimit: 3 * 1024 };
const suite = programs('masks', 'variants', 'statistics', 'columns', 'general', 'scorers', 'neighbours');

describe.each([...suite])('the tile program of %s', (_, def) => {
  const kernels = compileKernel(def, target).launches.map((l) => l.kernel);
  property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 6 })('computes what the author wrote', (seed) => {
    const c = caseOf(def, seed, {}, 2);
    expectAgreementOn(def, kernels, c.inputs, c.sizes);
  });
});
