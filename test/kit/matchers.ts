import { type Bound, mismatches } from './tolerance.js';

/** vitest's and jest's `expect`, as far as matchers are added to it. */
export interface Extendable {
  /** Adds matchers by name. */
  extend(matchers: Readonly<Record<string, (actual: ArrayLike<number>, bound: Bound, expected: ArrayLike<number>) => Judgement>>): void;
}
/** A matcher's verdict. */
export interface Judgement {
  readonly pass: boolean;
  /** What a failure says. */
  readonly message: () => string;
}

/**
 * Adds `toBeWithin(bound, expected)`: element by element, NaN and ±Infinity in the same places. `warpfold/test/setup` does
 * it for vitest and brings the type.
 * @example expect(actual).toBeWithin(sumBound(n, sumOfAbs, 0, 'f32'), expected);
 */
export function addMatchers(expect: Extendable): void {
  expect.extend({
    toBeWithin(actual, bound, expected) {
      const found = mismatches(actual, expected, bound);
      const [first] = found;
      return {
        pass: first === undefined,
        message: () => first === undefined
          ? `all ${expected.length} elements are within the bound`
          : `${found.length} of ${expected.length} elements are out of bounds; first at ${first.index}: ${first.actual}, expected ${first.expected} ± ${first.bound}`,
      };
    },
  });
}
