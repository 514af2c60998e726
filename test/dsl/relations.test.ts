import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { inferLengths, type SizeRelation } from '../../dsl/relations.js';

// c renames a, m merges a and b, and s splits m: every length follows from a and b.
const relations: readonly SizeRelation<string>[] = [{ axis: 's', of: ['m'] }, { axis: 'm', of: ['a', 'b'] }, { axis: 'c', of: ['a'] }];
const lengths = fc.record({ a: fc.integer({ min: 1, max: 50 }), b: fc.integer({ min: 1, max: 50 }) }).map(({ a, b }) => ({ a, b, c: a, m: a * b, s: a * b }));
type Axis = 'a' | 'b' | 'c' | 'm' | 's';
const infer = (known: Map<string, number>): ReturnType<typeof inferLengths<string>> => inferLengths(relations, (a) => known.get(a), (a, n) => { known.set(a, n); });

describe('lengths that follow from others', () => {
  test.prop([lengths, fc.constantFrom<readonly Axis[]>(['a', 'b'], ['a', 'm'], ['b', 's'], ['c', 'b'], ['c', 's'])])('are found whichever of them are known, in any order of relations', (all, shown) => {
    const known = new Map<string, number>(shown.map((a) => [a, all[a]]));
    expect(infer(known)).toBeUndefined();
    expect(Object.fromEntries(known)).toEqual(all);
  });

  test.prop([lengths, fc.constantFrom<Axis>('c', 'm', 's'), fc.integer({ min: 1, max: 9 })])('that contradict each other are a conflict', (all, axis, more) => {
    const known = new Map<string, number>(Object.entries(all));
    known.set(axis, all[axis] + more);
    expect(infer(known)?.relation).toBeDefined();
  });

  test('no factor follows from a product that it does not divide, nor from 0', () => {
    expect(infer(new Map([['m', 7], ['b', 2]]))).toEqual({ relation: relations[1], length: 7, product: 2 });
    const empty = new Map([['m', 0], ['b', 0]]);
    expect(infer(empty)).toBeUndefined();
    expect(empty.has('a')).toBe(false);
  });
});
