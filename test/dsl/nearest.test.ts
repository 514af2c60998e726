import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { didYouMean, distance, nearest } from '../../dsl/nearest.js';

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'k'), maxLength: 6 });

describe('edit distance', () => {
  property.prop([name, name])('is symmetric, zero for equal names alone, and at most the longer length', (a, b) => {
    expect(distance(a, b)).toBe(distance(b, a));
    expect(distance(a, b) === 0).toBe(a === b);
    expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
  });

  property.prop([name, fc.nat(5), fc.constantFrom('x', '')])('of one letter replaced or deleted is one', (a, i, by) => {
    fc.pre(i < a.length);
    expect(distance(a, a.slice(0, i) + by + a.slice(i + 1))).toBe(1);
  });

  test('of two neighbours swapped is one', () => expect(distance('sacle', 'scale')).toBe(1));
});

describe('what was meant', () => {
  property.prop([name, fc.array(name)])('is a known name and not the name itself', (asked, known) => {
    const meant = nearest(asked, known);
    if (meant !== undefined) expect(known.filter((k) => k !== asked)).toContain(meant);
  });

  test('is a name in another case, or few letters off, and nothing where two are as near or none is', () => {
    expect([nearest('K', ['q', 'k']), nearest('kk', ['q', 'k']), nearest('attenton', ['attention', 'matmul'])]).toEqual(['k', 'k', 'attention']);
    expect([nearest('x', ['q', 'k']), nearest('qk', ['q', 'k']), nearest('softmax', ['matmul']), nearest('a', [])]).toEqual([undefined, undefined, undefined, undefined]);
    expect([didYouMean('head', ['heads']), didYouMean('z', ['q'])]).toEqual(["; did you mean 'heads'?", '']);
  });
});
