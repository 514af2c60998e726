import { expect } from 'vitest';
import { type Bound, mismatches } from './tolerance.js';

interface Numbers { toBeWithin(bound: Bound, expected: ArrayLike<number>): void }

declare module 'vitest' {
  // The type parameter is vitest's own; merging needs the same list.
  interface Matchers<T> extends Numbers {}
}

/** Adds `expect(actual).toBeWithin(bound, expected)` to vitest: element-wise, NaN and ±Infinity in the same places. */
export function addMatchers(): void {
  expect.extend({
    toBeWithin(actual: ArrayLike<number>, bound: Bound, expected: ArrayLike<number>) {
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
