import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { equalData } from '../../codegen/equalData.js';

const data = fc.object({ maxDepth: 3, withNullPrototype: false });

describe('equal data', () => {
  property.prop([data])('a copy is equal, whatever it shares', (value) => {
    expect(equalData({ a: value, b: value }, { a: structuredClone(value), b: structuredClone(value) })).toBe(true);
  });

  property.prop([data, data])('is what the printed forms say', (a, b) => {
    const told = (x: unknown): string => JSON.stringify(x, (_, v: unknown) => (v === undefined ? 'undefined' : Object.is(v, -0) ? '-0' : v));
    if (told(a) === told(b)) expect(equalData(a, b)).toBe(true);
    expect(equalData({ a, b }, { a, b: { b } })).toBe(false);
  });

  test('maps are compared entry by entry, signed zeros and missing parts are told apart', () => {
    expect(equalData(new Map([['n', { kind: 'dynamic' }]]), new Map([['n', { kind: 'dynamic' }]]))).toBe(true);
    expect(equalData(new Map([['n', 1]]), new Map([['n', 2]]))).toBe(false);
    expect([equalData(0, -0), equalData({ a: 1 }, { a: 1, b: undefined }), equalData([1], [1, 2])]).toEqual([false, false, false]);
  });

  test('a graph of 2^60 paths takes no longer than its 60 objects', () => {
    const tower = (): unknown => Array.from({ length: 60 }).reduce((below: unknown) => ({ l: below, r: below }), 1);
    expect(equalData(tower(), tower())).toBe(true);
  });
});
