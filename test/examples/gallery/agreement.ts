import { fc, test as property } from '@fast-check/vitest';
import type { Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Case } from '../../kit/call.js';
import { length } from '../../kit/shapes.js';
import type { Batch } from './batch.js';

/** How a kernel of the gallery is called: lengths of its axes and, where any numbers will not do, how inputs are drawn. */
export interface Drawn { readonly sizes: Arbitrary<Readonly<Record<string, number>>>; readonly values?: Case['values']; readonly dtypes?: readonly Case['dtypes'][] }

/** Kernels with a dtype parameter E run in both. */
export const bothDtypes = [{ E: 'f32' }, { E: 'bf16' }] as const;

/** Long axes: around the blocks of the CPU's schedules, and short. */
export const long = length({ max: 130 });
/** For two long axes at once. */
export const medium = length({ max: 66 });
export const heads = { g: fc.constantFrom(1, 2, 3), r: fc.constantFrom(1, 2, 4) };

/**
 * Each kernel of a folder on random shapes on the processor, and those of `emulated` in the emulator as well, against its own
 * reference in float64. A kernel of the folder that is missing from `cases` fails.
 */
export function describeAgreement(batch: () => Batch, cases: Readonly<Record<string, Drawn>>, emulated: readonly string[]): void {
  test('every kernel of the folder is tried', () => expect(Object.keys(cases).sort()).toEqual(Object.keys(batch().kernels).sort()));

  describe.each(Object.entries(cases))('%s', (name, { sizes, values = {}, dtypes = [{}] }) => {
    const drawn = fc.record({ sizes, seed: fc.nat(), dtypes: fc.constantFrom(...dtypes) });
    const caseOf = ({ dtypes, ...shape }: { readonly sizes: Readonly<Record<string, number>>; readonly seed: number; readonly dtypes: Case['dtypes'] }): Case =>
      ({ ...shape, values, ...(dtypes !== undefined && Object.keys(dtypes).length > 0 ? { dtypes } : {}) });
    property.prop([drawn], { numRuns: 4 })('C++ computes what the author wrote', async (of) => batch().onCpu(name, caseOf(of)));
    if (emulated.includes(name)) property.prop([drawn], { numRuns: 2 })('CUDA text computes what the author wrote', async (of) => batch().onEmulator(name, caseOf(of)));
  });
}
