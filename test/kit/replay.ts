import { type Arbitrary, assert, asyncProperty, defaultReportMessage, type Parameters, readConfigureGlobal, type RunDetails, stringify } from 'fast-check';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment says about property tests, as fast-check's parameters. `WARPFOLD_REPLAY` is what a failure printed:
 * a seed and the path to the smallest case; a seed alone repeats a run, `random` draws a new one; unset, the seed is fixed,
 * so that a push fails for what it changed. `WARPFOLD_RUNS` multiplies the number of cases that every property asks for.
 * Throws where they say something else.
 * @example fc.configureGlobal(replayParameters(process.env));
 */
export function replayParameters(env: Environment): Pick<Parameters, 'seed' | 'path' | 'endOnFailure'> {
  const { WARPFOLD_REPLAY: replay = fixedSeed } = env;
  const [, seed, path] = /^(-?\d+|random)(?::(\d+(?::\d+)*))?$/.exec(replay) ?? [];
  if (seed === undefined || (seed === 'random' && path !== undefined)) throw new Error(`WARPFOLD_REPLAY must be what a failure printed (seed:path), a seed, or 'random', not '${replay}'`);
  return { ...(seed === 'random' ? {} : { seed: Number(seed) }), ...(path === undefined ? {} : { path, endOnFailure: true }) };
}

const fixedSeed = '20250601';

/** How many cases a property draws that asks for `runs`: more by the factor `WARPFOLD_RUNS`. */
export function runsOf(runs: number, env: Environment): number {
  const { WARPFOLD_RUNS: factor = '1' } = env;
  if (!(Number(factor) > 0)) throw new Error(`WARPFOLD_RUNS must be a positive factor, not '${factor}'`);
  return Math.max(1, Math.round(runs * Number(factor)));
}

/** Where a test stands: what a command needs to run it alone. */
export interface TestPlace { readonly file: string; readonly name: string }

/** What a failed property says: what went wrong, the smallest case, and the line that replays exactly it. */
export function failureText<T>(details: RunDetails<T>, place?: TestPlace): string {
  const { counterexample, counterexamplePath, errorInstance, numRuns, numShrinks, seed } = details;
  if (counterexample === null || counterexamplePath === null) return defaultReportMessage(details) ?? 'a property failed';
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const shown = errorInstance instanceof Error && errorInstance.name === caseNamed ? '' : `\n  counterexample ${stringify(counterexample)}`;
  const found = `\n  found in run ${numRuns}, made smaller ${numShrinks} times`;
  return `${what}${shown}${found}\n  replay it: WARPFOLD_REPLAY=${seed}:${counterexamplePath}${place === undefined ? '' : ` npx vitest run ${place.file} -t ${quoted(place.name)}`}`;
}

/** The name of errors whose message shows the case by itself. */
export const caseNamed = 'Disagreement';

/** vitest takes a pattern of names; what the seed put behind a name would keep a replay from matching. */
const quoted = (name: string): string => `'${name.replace(/ \(with seed=-?\d+\)$/, '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll("'", "'\\''")}'`;

/** Throws what `failureText` says where a property failed. */
export function reporterOf(place: () => TestPlace | undefined): <T>(details: RunDetails<T>) => void {
  return (details) => {
    if (details.failed) throw new Error(failureText(details, place()), { cause: details.errorInstance });
  };
}

/** Tries something on drawn values, heeding what the environment says; a failure goes to the project's reporter, else to ours. */
export async function onEach<T>(drawn: Arbitrary<T>, work: (value: T) => Promise<void>, runs: number): Promise<void> {
  const ours = readConfigureGlobal().reporter === undefined ? { reporter: reporterOf(() => undefined) } : {};
  await assert(asyncProperty(drawn, work), { ...replayParameters(process.env), numRuns: runsOf(runs, process.env), ...ours });
}
