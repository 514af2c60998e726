import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { CopyPolicy } from '../../runtime/emulator.js';
import { launched, openFixtures, pathOf } from './fixture.js';

const names = [...readFileSync(pathOf('races.cu'), 'utf8').matchAll(/^PAIR\((\w+)/gm)].flatMap(([, name]) => (name === undefined ? [] : [name]));
const fixtures = names.flatMap((name) => [`${name}_broken`, `${name}_repaired`]).map((symbol) => ({
  symbol, threads: 64, sharedBytes: 1024, inputs: [{ name: 'x', dtype: 'f32' as const, axis: 'm' }], output: { dtype: 'f32' as const, axis: 'k' },
}));
const device = await openFixtures('races.cu', fixtures);
afterAll(() => device[Symbol.asyncDispose]());

const x = Float32Array.from({ length: 64 }, (_, i) => i);
const run = (symbol: string, on = device) => launched(on, symbol, 64, { dtype: 'f32', count: 64 }, x, 3);

/** Situations that are no race: a copy that nobody awaits, and one that passes as it stands. */
const otherwise: Readonly<Record<string, RegExp>> = { neverCommitted: /returns before its copy is awaited, races\.cu:\d+/ };
const race = /race: thread \d+ \(warp \d, lane \d+\), races\.cu:\d+.*shared bytes \d+ to \d+; .*races\.cu:\d+.*nothing orders the two \[seed \d+, copies (late|early|random)\]/;

describe('of every planted race', () => {
  test.for(names)('%s: the broken form is reported, with both lines, under every policy and order', async (name) => {
    for (let time = 0; time < 6; time++) await expect(run(`${name}_broken`)).rejects.toThrow(otherwise[name] ?? race);
  });

  test.for(names)('%s: the repaired form passes', async (name) => {
    for (let time = 0; time < 6; time++) await expect(run(`${name}_repaired`)).resolves.toHaveLength(64);
  });
});

test('without the search for races wrong numbers remain: a copy used too early is not there', async () => {
  const results = await Promise.all((['late', 'early'] as const satisfies readonly CopyPolicy[]).map(async (policy) => {
    await using quiet = await openFixtures('races.cu', fixtures, { races: false, policy });
    return (await run('copyNotAwaited_broken', quiet)).slice(0, 3);
  }));
  expect(results).toEqual([Float32Array.of(NaN, NaN, NaN), Float32Array.of(0, 4, 8)]);
});

test('the report repeats with the seed it names', async () => {
  const report = async (seed: number): Promise<string> => {
    await using once = await openFixtures('races.cu', fixtures, { seed, policy: 'late' });
    return await run('readOtherWarp_broken', once).then(() => 'passed', (e: Error) => e.message);
  };
  expect(await report(7)).toBe(await report(7));
  expect(await report(7)).toContain('[seed 7, copies late]');
});
