import { fc, test } from '@fast-check/vitest';
import { afterAll, expect } from 'vitest';
import { launched, openFixtures } from './fixture.js';

const talls = [1, 3, 16, 64];
const device = await openFixtures('places.cu', talls.map((tall) => ({ symbol: `places${tall}`, threads: 32, sharedBytes: 0, inputs: [], output: { dtype: 'i32', axis: 'out' } })));
afterAll(() => device[Symbol.asyncDispose]());

test.prop([fc.constantFrom(...talls), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 })], { numRuns: 40 })('blocks that go by groups of rows stand at every place once, as many rows of a column side by side', async (tall, rows, columns) => {
  const blockAt = await launched(device, `places${tall}`, columns, { dtype: 'i32', count: rows * columns }, undefined, rows * columns);
  expect([...blockAt].sort((a, b) => a - b)).toEqual(Array.from({ length: rows * columns }, (_, i) => i));
  for (let row = 0; row + 1 < rows; row++) {
    if (row % tall < tall - 1) for (let c = 0; c < columns; c++) expect(blockAt[(row + 1) * columns + c]).toBe((blockAt[row * columns + c] ?? 0) + 1);
  }
});
