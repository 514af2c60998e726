import fc, { type Arbitrary } from 'fast-check';
import type { DType } from '../../dsl/dtype.js';

/** The dtypes that numbers with a fraction are stored in. */
export const floatDtypes = ['f32', 'f16', 'bf16'] as const satisfies readonly DType[];

/** A dtype out of a list; all four unless said. Shrinks towards the first. */
export const dtype = <E extends DType = DType>(among?: readonly E[]): Arbitrary<E | DType> => fc.constantFrom(...(among ?? (['f32', 'f16', 'bf16', 'i32'] as const)));

/** Half a unit in the last place of 1: the largest relative error of one rounding. An i32 has none. */
export const roundingUnit: Readonly<Record<DType, number>> = { f32: 2 ** -24, f16: 2 ** -11, bf16: 2 ** -8, f8e4m3: 2 ** -4, i32: 0 };
