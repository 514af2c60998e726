import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { address, element, type Place, product, strideFactors } from '../../../codegen/emit/address.js';
import { type Emission, emission } from '../../../codegen/emit/emission.js';
import { dynamic, launch, param } from './kernels.js';

const axes = ['a', 'b', 'c', 'd'] as const;
const names: readonly string[] = axes;

/** An emission in which the length of axis `a` is `nA`; the packed axis `k` of parts `c` starts at `kStart` and has `kRows` rows. */
const emissionOf = (ragged: boolean): Emission => ({
  ...emission(launch({ name: 'f', params: [], sizes: { ...Object.fromEntries(axes.map((a) => [a, dynamic])), ...(ragged ? { k: { kind: 'ragged', by: 'c' } } : {}) }, grid: {}, tiles: [], body: [] })),
  length: (axis) => `n${axis.toUpperCase()}`, start: (axis) => `${axis}Start`, total: (axis) => `${axis}Rows`, param: (p) => p.name,
});

/** What a text is worth for given names; pointer width is no matter here. */
function worth(text: string, names: Readonly<Record<string, number>>): number {
  const all = { Index: (n: number) => n, x: 0, ...names };
  return Number(new Function(...Object.keys(all), `return ${text};`)(...Object.values(all)));
}

interface Axis { readonly length: number; readonly origin: number | undefined; readonly index: 'none' | 'name' | 'computed'; readonly within: number }
const axis = fc.record<Axis>({ length: fc.integer({ min: 1, max: 9 }), origin: fc.option(fc.nat(8), { nil: undefined }), index: fc.constantFrom('none', 'name', 'computed'), within: fc.nat(7) });

describe('the address of an element', () => {
  property.prop([fc.shuffledSubarray([...axes], { minLength: 1 }), fc.tuple(axis, axis, axis, axis)])('is its row-major offset, whatever is said of its axes and however', (order, drawn) => {
    const of = (a: string): Axis => drawn[names.indexOf(a)] ?? { length: 1, origin: 0, index: 'none', within: 0 };
    const at: Place = (a) => (of(a).origin === undefined ? undefined : `${a}0`);
    const within: Place = (a) => ({ none: undefined, name: `i${a}`, computed: `(2 * i${a} + 1)` })[of(a).index];
    const numbers = Object.fromEntries(axes.flatMap((a) => [[`n${a.toUpperCase()}`, of(a).length], [`${a}0`, of(a).origin ?? 0], [`i${a}`, of(a).within]]));
    const indexed = { none: () => 0, name: (n: number) => n, computed: (n: number) => 2 * n + 1 };
    const expected = order.reduce((offset, a) => offset * of(a).length + (of(a).origin ?? 0) + indexed[of(a).index](of(a).within), 0);
    expect(worth(address(emissionOf(false), param('x', order), at, within), numbers)).toBe(expected);
  });

  property.prop([fc.shuffledSubarray([...axes], { minLength: 1 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 })])('is a stride further for the next position on an axis', (order, lengths) => {
    const numbers = Object.fromEntries(axes.map((a, i) => [`n${a.toUpperCase()}`, lengths[i] ?? 1]));
    const e = emissionOf(false);
    for (const a of order) {
      const [here, next] = ['0', '1'].map((i) => worth(address(e, param('x', order), (other) => (other === a ? i : undefined)), numbers));
      expect((next ?? 0) - (here ?? 0)).toBe(worth(product(strideFactors(e, param('x', order), a)), numbers));
    }
  });

  test('adds indexes within a window apart, each times its stride, so that the rest is made once', () => {
    const x = param('x', ['a', 'b', 'c']);
    const [at, within]: readonly [Place, Place] = [(a) => `${a}0`, (a) => (a === 'b' ? undefined : `i${a}`)];
    expect(element(emissionOf(false), x, at)).toBe('x[(Index(a0) * nB + b0) * nC + c0]');
    expect(element(emissionOf(false), x, at, within)).toBe('x[(Index(a0) * nB + b0) * nC + c0 + Index(ia) * (Index(nB) * nC) + ic]');
    // What has to be worked out is part of the position.
    expect(element(emissionOf(false), x, at, (a) => (a === 'c' ? 'i / 2' : undefined))).toBe('x[(Index(a0) * nB + b0) * nC + c0 + i / 2]');
  });

  test('of packed parts counts rows from where the part starts', () => {
    const e = emissionOf(true);
    expect(address(e, param('x', ['c', 'k', 'd']), (a) => `${a}0`, (a) => (a === 'k' ? 'ik' : undefined))).toBe('x + Index(kStart + k0) * nD + d0 + Index(ik) * nD');
    expect(address(e, param('x', ['d', 'c', 'k']), () => undefined)).toBe('x + kStart');
    expect(strideFactors(e, param('x', ['d', 'c', 'k']), 'd')).toEqual(['kRows']);
  });

  test('of an axis that stands still is where it stands', () => {
    expect(address(emissionOf(false), { ...param('x', ['a', 'b']), at: { a: 3 } }, () => undefined)).toBe('x + Index(3) * nB');
    expect(address(emissionOf(false), { ...param('x', ['a', 'b']), at: { a: 0 } }, () => undefined)).toBe('x');
  });
});
