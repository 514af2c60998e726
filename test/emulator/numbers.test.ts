import { fc, test } from '@fast-check/vitest';
import { afterAll, expect } from 'vitest';
import { openFixtures } from './fixture.js';

const fixture = (symbol: string) => ({
  symbol, threads: 32, sharedBytes: 0, output: { dtype: 'i32' as const, axis: 'n' },
  inputs: ['x', 'y'].map((name) => ({ name, dtype: 'i32' as const, axis: 'n' })),
});
const device = await openFixtures('numbers.cu', [fixture('quotients'), fixture('remainders')]);
afterAll(() => device[Symbol.asyncDispose]());

async function of(symbol: string, pairs: readonly (readonly [number, number])[]): Promise<readonly number[]> {
  using x = device.alloc('i32', [pairs.length]);
  using y = device.alloc('i32', [pairs.length]);
  using out = device.alloc('i32', [pairs.length]);
  device.write(x, Int32Array.from(pairs, ([a]) => a));
  device.write(y, Int32Array.from(pairs, ([, b]) => b));
  device.launch(symbol, { x, y }, { out }, { n: pairs.length, b: 1 });
  return [...await device.read(out)];
}

const integer = fc.oneof(fc.constantFrom(0, 1, -1, 2, -2, 127, 128, 2 ** 31 - 1, -(2 ** 31)), fc.integer(), fc.integer({ min: -300, max: 300 }));
/** Zeros count as equal whatever their sign. */
const whole = (x: number): number => Math.trunc(x) | 0;

test.prop([fc.array(fc.tuple(integer, integer), { minLength: 1, maxLength: 200 })], { numRuns: 30 })('integers divide as whole numbers do in JavaScript, by 0 as 0', async (pairs) => {
  expect(await of('quotients', pairs)).toEqual(pairs.map(([a, b]) => (b === 0 ? 0 : whole(Math.floor(a / b)))));
  expect(await of('remainders', pairs)).toEqual(pairs.map(([a, b]) => (b === 0 ? 0 : whole(a % b))));
});
