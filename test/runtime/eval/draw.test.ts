import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { drawer } from '../../../runtime/eval/draw.js';

test.prop([fc.integer(), fc.string()])('draws follow from the key alone', (seed, task) => {
  const draws = () => { const d = drawer(seed, task); return [d.uniform(), d.below(9), d.digits(5), d.uuid(), d.choose([1, 2, 3, 4], 3)]; };
  expect(draws()).toEqual(draws());
  expect(drawer(seed, task).uuid()).not.toBe(drawer(seed + 1, task).uuid());
});

test.prop([fc.nat(), fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 50 })])('numbers have their digits, UUIDs their form, draws their range, choices no item twice', (seed, count, n) => {
  const d = drawer(seed);
  expect(d.digits(count)).toMatch(new RegExp(`^[1-9]\\d{${count - 1}}$`));
  expect(d.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([d.below(n) < n, d.uniform() < 1]).toEqual([true, true]);
  const items = Array.from({ length: n }, (_, i) => i);
  expect(new Set(d.choose(items, n))).toEqual(new Set(items));
  expect(() => d.choose(items, n + 1)).toThrow(RangeError);
});
