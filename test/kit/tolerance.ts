import type { DType } from '../../dsl/dtype.js';
import { roundTo } from '../../dsl/dtype.js';
import { roundingUnit } from './dtypes.js';

/** An allowed distance: one number, or one per element. */
export type Bound = number | ArrayLike<number>;

/** Where two arrays differ by more than allowed, or NaN and infinities stand in different places. */
export interface Mismatch { readonly index: number; readonly actual: number; readonly expected: number; readonly bound: number }

/**
 * Elements of `actual` further from `expected` than `bound`; 'bitwise' tells −0 from 0 too. NaN and ±Infinity must stand in
 * the same places; they are compared apart from magnitudes, because a difference of NaNs is never larger than anything.
 */
export function mismatches(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: Bound | 'bitwise'): readonly Mismatch[] {
  const found: Mismatch[] = [];
  for (let index = 0; index < Math.max(actual.length, expected.length); index += 1) {
    const a = actual[index] ?? Number.NaN;
    const e = expected[index] ?? Number.NaN;
    const allowed = bound === 'bitwise' ? 0 : typeof bound === 'number' ? bound : bound[index] ?? 0;
    const same = bound !== 'bitwise' && Number.isFinite(e) && Number.isFinite(a) ? Math.abs(a - e) <= allowed : Object.is(a, e);
    if (!same || index >= actual.length || index >= expected.length) found.push({ index, actual: a, expected: e, bound: allowed });
  }
  return found;
}

/** What a tolerance follows from. */
export interface ToleranceOptions {
  /** How many terms are added for one element: the length of the reduced axis, or the product of several. 1 unless said. */
  readonly length?: number;
  /** The largest term, for a product that of its factors. 1 unless said. */
  readonly scale?: number;
  /** The largest result; `length · scale` unless said, which no sum exceeds. */
  readonly result?: number;
}

/**
 * How far a result in `dtype` may lie from the exact one: `length` terms added in f32, in any order, then one rounding. The
 * worst case, for when the terms are not at hand; `sumBound` is for when they are, and `agrees` derives its own.
 * @example expect(row).toBeWithin(tolerance('bf16', { length: k, scale: 4 }), expected);
 */
export const tolerance = (dtype: DType, { length = 1, scale = 1, result = length * scale }: ToleranceOptions = {}): number => sumBound(length, length * scale, result, dtype);

/** A sum of n terms in f32, in any order: n·2⁻²⁴·Σ|terms|, and one rounding of the result to the output's dtype. */
export const sumBound = (n: number, sumOfAbs: number, result: number, dtype: DType): number =>
  n * 2 ** -24 * sumOfAbs + roundingUnit[dtype] * (Math.abs(result) + n * 2 ** -24 * sumOfAbs);

/**
 * The main rule: max|out − exact| ≤ factor · max|rounded − exact| + ε, where `rounded` is the unfused computation with
 * every intermediate rounded, and ε the rounding of doing any arithmetic on the result at all. One number for an array.
 */
export function fusedBound(exact: ArrayLike<number>, rounded: ArrayLike<number>, dtype: DType, factor = 2): number {
  const round = roundTo[dtype];
  let worst = 0;
  let epsilon = 0;
  for (let i = 0; i < exact.length; i += 1) {
    const e = exact[i] ?? Number.NaN;
    const r = rounded[i] ?? Number.NaN;
    if (!Number.isFinite(e) || !Number.isFinite(r)) continue;
    worst = Math.max(worst, Math.abs(r - e));
    epsilon = Math.max(epsilon, Math.abs(round(round(e + 0.3) - 0.3) - e));
  }
  return factor * worst + 2 * epsilon;
}
