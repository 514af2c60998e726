import { configureGlobal, type GlobalParameters } from 'fast-check';

/**
 * vitest's setup file for property tests: FC_SEED, FC_PATH and FC_RUNS replay or lengthen a run. Without FC_SEED the
 * seed is fixed, so that a push fails for what it changed; `FC_SEED=random` draws a new one.
 */
export function parametersFrom(env: Readonly<Record<string, string | undefined>>): GlobalParameters {
  const { FC_SEED: seed = '20250601', FC_PATH: path, FC_RUNS: runs } = env;
  return {
    ...(seed === 'random' ? {} : { seed: wholeNumber('FC_SEED', seed) }),
    ...(path === undefined ? {} : { path, endOnFailure: true }),
    ...(runs === undefined ? {} : { numRuns: wholeNumber('FC_RUNS', runs) }),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`${name} must be a whole number, not '${text}'`);
  return value;
}

configureGlobal(parametersFrom(process.env));
