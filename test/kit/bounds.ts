import type { SourceOptions } from './agrees.js';
import { type Case, prepare } from './call.js';
import { agreementBounds, type Bounds, reference, type Results } from './reference.js';
import { subjectOf, type TestedKernel } from './subject.js';

/** What a kernel's own code gives for a case in float64, and how far rounding may carry what a device gives, by result. */
export interface CaseBounds { readonly inputs: Results; readonly exact: Results; readonly bounds: Bounds }

/**
 * The reference's results of one case with the bounds that `agrees` holds devices to, for comparisons of one's own.
 * @example const { inputs, exact, bounds } = await boundsOf(attend, { sizes: { q: 3, k: 17, g: 1, r: 1 }, seed: 1 });
 * expect(mine(inputs)).toBeWithin(bounds.o ?? 0, exact.o ?? []);
 */
export async function boundsOf(kernel: TestedKernel, c: Case & SourceOptions): Promise<CaseBounds> {
  const { entry } = await subjectOf(kernel, c.file);
  const call = prepare(entry, c);
  const exact = reference(kernel, entry, call, 'exact');
  return { inputs: call.inputs, exact, bounds: agreementBounds(kernel, entry, call, exact) };
}
