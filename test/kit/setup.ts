import { configureGlobal, readConfigureGlobal } from 'fast-check';
import { expect, vi } from 'vitest';
import { addMatchers } from './matchers.js';
import { replayParameters, reporterOf, runsOf } from './replay.js';
import type { Bound } from './tolerance.js';

// vitest's setup file for property tests, `setupFiles: ['warpfold/test/setup']`: a failing property prints the command
// that replays its smallest case, WARPFOLD_REPLAY and WARPFOLD_RUNS are heard, and `toBeWithin` is there.

const { numRuns = 100 } = readConfigureGlobal();
const reporter = reporterOf(() => {
  const { testPath, currentTestName } = expect.getState();
  if (testPath === undefined || currentTestName === undefined) return undefined;
  return { file: testPath.replace(`${process.cwd()}/`, ''), name: currentTestName.replaceAll(' > ', ' ') };
});
// Only where it is asked for: @fast-check/vitest repeats plain tests as often as the global number says.
const runs = process.env['WARPFOLD_RUNS'] === undefined ? {} : { numRuns: runsOf(numRuns, process.env) };
configureGlobal({ ...readConfigureGlobal(), ...replayParameters(process.env), ...runs, reporter });
addMatchers(expect);
// The first test of a kernel compiles it, which takes longer than vitest's five seconds.
vi.setConfig({ testTimeout: 120_000 });

interface Numbers {
  /** Every element lies within `bound` of the one in `expected`; NaN and ±Infinity stand in the same places. */
  toBeWithin(bound: Bound, expected: ArrayLike<number>): void;
}

declare module 'vitest' {
  // The type parameter is vitest's own; merging needs the same list.
  interface Matchers<T> extends Numbers {}
}
