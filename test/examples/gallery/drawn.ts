import { expect } from 'vitest';
import { type AnyTensor, array, type In, toArray } from '../../../dsl/index.js';
import { type Bound, mismatches } from '../../kit/tolerance.js';
import { values, type ValueOptions } from '../../kit/values.js';
import { range, view } from './plain.js';

/** A tensor for a kernel's reference and the same numbers for a formula: `row(g)` is the last axis at the position (…, g). */
export interface Drawn<A extends string> { readonly tensor: In<'f32', readonly A[]>; readonly at: (...position: readonly number[]) => number; readonly row: (...position: readonly number[]) => readonly number[] }

/** Random numbers of [−2, 2) unless said. */
export function draw<const A extends readonly string[]>(axes: A, shape: readonly number[], seed: number, how: ValueOptions = {}): Drawn<A[number]> {
  const data = values(seed * 31 + axes.length * 7 + shape.length, shape.reduce((n, s) => n * s, 1), { min: -2, max: 2, ...how });
  const at = view(data, shape);
  return { tensor: array(data, { axes, shape }), at, row: (...position) => range(shape.at(-1) ?? 0).map((i) => at(...position, i)) };
}

/** Float64 on both sides: 2⁻⁵³ of sums of at most a thousand terms whose sizes stay below ten thousand. */
const float64 = 1e-9;

/** The numbers of a result in the order of `axes`, nested loops of which gave `expected`. */
export function expectNumbers(result: AnyTensor, axes: readonly string[], expected: readonly number[], bound: Bound = float64): void {
  expect(mismatches(toArray(result, axes), expected, bound)).toEqual([]);
}
