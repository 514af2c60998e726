import { fc, test } from '@fast-check/vitest';
import { afterAll, expect } from 'vitest';
import { launched, openFixtures } from './fixture.js';

const fixture = (dtype: 'i32' | 'f32', inputs: readonly string[]) => (symbol: string) =>
  ({ symbol, threads: 32, sharedBytes: 0, output: { dtype, axis: 'n' }, inputs: inputs.map((name) => ({ name, dtype, axis: 'n' })) });
const device = await openFixtures('numbers.cu', [...['quotients', 'remainders'].map(fixture('i32', ['x', 'y'])), ...['sines', 'cosines', 'tangents'].map(fixture('f32', ['x']))]);
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

/** Distance between neighbouring floats around |x|. */
const ulp = (x: number): number => 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x) || 2 ** -149)), -126) - 23);
const angle = fc.oneof(fc.constantFrom(0, 105_615, 105_616, 2 ** 49, -(2 ** 49)), fc.float({ noNaN: true, min: -10, max: 10 }), fc.float({ noNaN: true, min: -105_615, max: 105_615 }), fc.float({ noNaN: true, min: -(2 ** 49), max: 2 ** 49 }));

test.prop([fc.array(angle.map(Math.fround), { minLength: 1, maxLength: 200 })], { numRuns: 60 })('sine and cosine are near those of float64, for large angles too', async (angles) => {
  for (const [symbol, exact] of [['sines', Math.sin], ['cosines', Math.cos]] as const) {
    const found = await launched(device, symbol, angles.length, { dtype: 'f32', count: angles.length }, Float32Array.from(angles));
    angles.forEach((x, i) => {
      const want = exact(x);
      const error = Math.abs((found[i] ?? NaN) - want);
      if (!(error <= (Math.abs(x) <= 1e5 ? 2 * ulp(want) : 2 ** -22))) expect.fail(`${symbol} of ${x} is ${found[i]}, ${want} in float64`);
    });
  }
});

test('angles without accuracy, infinite ones and NaN have no sine', async () => {
  const angles = Float32Array.of(2 ** 50, -1e38, Infinity, -Infinity, NaN);
  for (const symbol of ['sines', 'cosines']) expect([...await launched(device, symbol, 5, { dtype: 'f32', count: 5 }, angles)]).toEqual(Array(5).fill(NaN));
});

// Floats are drawn by their bits, most of them small; around 1, where one way of computing takes over from another, evenly.
const even = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((n) => n / 2 ** 19);
const any = fc.oneof(fc.constantFrom(0, -0, 0.6, Infinity, -Infinity), even, fc.float({ noNaN: true, min: -10, max: 10 }), fc.float({ noNaN: true }));

test.prop([fc.array(any.map(Math.fround), { minLength: 1, maxLength: 200 })], { numRuns: 60 })('hyperbolic tangents are near those of float64, the smallest and the largest too', async (numbers) => {
  const found = await launched(device, 'tangents', numbers.length, { dtype: 'f32', count: numbers.length }, Float32Array.from(numbers));
  numbers.forEach((x, i) => {
    const want = Math.tanh(x);
    // The emulator's powers and reciprocals are exact; those of a GPU take a unit more.
    if (!(Math.abs((found[i] ?? NaN) - want) <= 4 * ulp(want))) expect.fail(`the tangent of ${x} is ${found[i]}, ${want} in float64`);
  });
});

test('NaN has no hyperbolic tangent', async () => {
  expect([...await launched(device, 'tangents', 1, { dtype: 'f32', count: 1 }, Float32Array.of(NaN))]).toEqual([NaN]);
});
