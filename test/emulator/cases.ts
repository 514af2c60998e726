import { fc } from '@fast-check/vitest';
import type { Arbitrary } from 'fast-check';
import type { ArgSpec, KernelEntry, Variant } from '../../dsl/manifest.js';
import { length } from '../kit/shapes.js';
import type { ValueOptions } from '../kit/values.js';

/** The length of every axis; of a ragged one, those of its parts. Axes that ragged ones depend on are left to their parts. */
export type Sizes = Readonly<Record<string, Size>>;
type Size = number | readonly number[];

/** The longest that axes are drawn: what there is of them multiplies. */
const longest: Readonly<Record<string, number>> = { b: 3, g: 3, r: 4, h: 4, w: 17, j: 9, d: 64, x: 1100, t: 200 };

/** Lengths at the edges of the tiles of a kernel's launches; one to three parts; fixed axes as given; of kernels that sum for a single row apart, that with much to sum. */
export function casesOf(name: string, entry: KernelEntry, fixed: Readonly<Record<string, number>>): Arbitrary<Sizes> {
  return fc.integer({ min: 1, max: 3 }).chain((parts) => {
    const drawn = sizesOf<Arbitrary<Size>>(entry, (axis, rule) => {
      const max = longest[axis] ?? 140;
      const tile = tileOf(entry, axis);
      const one = (most: number): Arbitrary<number> => length({ max: most, ...(tile > 1 ? { tile } : {}) });
      switch (rule.kind) {
        case 'fixed': return fc.constant(fixed[axis] ?? rule.sizes[0] ?? 1);
        case 'dynamic': return one(max);
        case 'ragged': return fc.array(one(Math.min(80, max)), { minLength: parts, maxLength: parts });
        default: return rule satisfies never;
      }
    });
    const bounds = rowBounds(entry);
    const single = bounds.filter((b) => b.atMost === 1).map(({ axis }) => [axis, 1] as const);
    const much = single.length > 0 && 'e' in entry.sizes ? fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...windowed) }) : fc.constant(null);
    return fc.tuple(fc.record(drawn), bounds.length > 0 ? fc.boolean() : fc.constant(false), much)
      .map(([sizes, isLong, e]) => possible(name, e !== null ? { ...sizes, ...Object.fromEntries(single), e } : isLong ? { ...sizes, ...Object.fromEntries(bounds.map(({ axis, atMost }) => [axis, lengthOf(sizes, axis) + atMost])) } : sizes));
  });
}

/** What a single row sums over: as many windows as are under way, fewer and more, whole ones, parts, and rows that begin at no multiple of 16 bytes. */
const windowed = [512, 520, 1016, 1024, 1100, 1544, 2048, 2600, 2603];

/** Axes that have variants for a handful of positions: most draws would serve those only. */
const rowBounds = (entry: KernelEntry): readonly { readonly axis: string; readonly atMost: number }[] =>
  entry.variants.flatMap((v) => v.serves ?? []).flatMap(({ axes: [axis, more], atMost }) => (axis !== undefined && more === undefined ? [{ axis, atMost }] : []));

/** Whether only thousands of rows reach a kernel's variant for any shape: few such cases are all there is time for. */
export const needsManyRows = (entry: KernelEntry): boolean => rowBounds(entry).some((b) => b.atMost > 1000);

/** A value for every axis but those that ragged axes count. */
function sizesOf<T>(entry: KernelEntry, make: (axis: string, rule: KernelEntry['sizes'][string]) => T): Readonly<Record<string, T>> {
  const counted = Object.values(entry.sizes).flatMap((rule) => (rule.kind === 'ragged' ? [rule.by] : []));
  return Object.fromEntries(Object.entries(entry.sizes).filter(([axis]) => !counted.includes(axis)).map(([axis, rule]) => [axis, make(axis, rule)]));
}

/** The block of an axis in the grid; 1 where the grid does not cut it. */
const tileOf = (entry: KernelEntry, axis: string): number =>
  Math.max(1, ...entry.variants.filter((v) => v.target === 'sm_80').flatMap((v) => v.launches.flatMap((l) => l.grid.filter((g) => g.axis === axis).map((g) => g.block))));

/** What is no longer than what: queries are rows among the keys, a choice takes from so many. */
const within: Readonly<Record<string, readonly [shorter: string, longer: string]>> = { chunkAttention: ['q', 'k'], queryAttention: ['q', 'k'], tailScore: ['q', 'k'], tailScoreMax: ['q', 'k'], selectTokens: ['n', 'k'], selectStored: ['m', 'n'], bestOfRows: ['n', 'w'], bestRow: ['m', 'b'] };

function possible(name: string, sizes: Sizes): Sizes {
  const [shorter = '', longer = ''] = within[name] ?? [];
  const [a, b] = [sizes[shorter], sizes[longer]];
  if (a === undefined || b === undefined) return sizes;
  const most = (i: number): number => (typeof b === 'number' ? b : b[i] ?? 0);
  return { ...sizes, [shorter]: typeof a === 'number' ? Math.min(a, most(0)) : a.map((n, i) => Math.min(n, most(i))) };
}

/** The length of an axis, of a ragged one the longest part; 1 where there is nothing. */
export const lengthOf = (sizes: Sizes, axis: string): number => {
  const n = sizes[axis] ?? 1;
  return Math.max(1, ...(typeof n === 'number' ? [n] : n));
};

/** Integers below the length of the axis that they index. */
const indexes: Readonly<Record<string, string>> = { ids: 't', target: 't', index: 'k', column: 'n', columns: 'k', place: 'b' };
/** Numbers that are no data: what a call of the kernel gives them. */
const settings: Readonly<Record<string, (sizes: Sizes, seed: number) => number>> = {
  eps: () => 1e-5, scale: () => 0.125, threshold: () => 0.03, edge: (_, seed) => seed % 40, zones: (_, seed) => seed % 8,
  // Behind the last row that a causal kernel sees, before, and in between: rows from the first key on always see one.
  first: (sizes, seed) => seed % lengthOf(sizes, 'k'), rows: (_, seed) => 1 + (seed % 40), length: (sizes) => lengthOf(sizes, 'n'),
  turning: (sizes, seed) => seed % (lengthOf(sizes, 'h') + 1), lo: (_, seed) => seed % 3, behind: (_, seed) => seed % 5, sure: (_, seed) => seed % 7, width: (_, seed) => 1 + (seed % 2000),
};

/** Whether some launch of a variant copies boxes of tensors. */
export const copiesBoxes = ({ launches }: Variant): boolean => launches.some((l) => l.args.some((a) => a.kind === 'map'));

/** The sizes as a variant takes them whose boxes are copied: lines of memory go on in steps of 16 bytes, 8 elements of the dtypes that there are boxes of. */
export function lined(sizes: Sizes, launches: Variant['launches']): Sizes {
  const lines = launches.flatMap((l) => l.args.flatMap((a) => (a.kind === 'map' ? a.order.slice(-1) : [])));
  return Object.fromEntries(Object.entries(sizes).map(([axis, n]) => [axis, lines.includes(axis) && typeof n === 'number' ? Math.max(1, Math.ceil(n / 8)) * 8 : n]));
}

/** How the parameters of a kernel are drawn. */
export function valuesOf(entry: KernelEntry, sizes: Sizes, seed: number): Readonly<Record<string, ValueOptions>> {
  return Object.fromEntries(entry.params.map((p) => [p.name, rangeOf(p, sizes, seed)]));
}

function rangeOf(p: ArgSpec, sizes: Sizes, seed: number): ValueOptions {
  const setting = settings[p.name]?.(sizes, seed);
  if (setting !== undefined) return { min: setting, max: setting };
  const indexed = indexes[p.name];
  if (indexed !== undefined) return { min: 0, max: lengthOf(sizes, indexed) - 1 };
  if (p.dtype === 'i32') throw new Error(`cases.ts does not know what the integers of '${p.name}' are`);
  return { min: -1, max: 1 };
}

/**
 * Lengths with several tiles on every axis, both such that rows begin at multiples of 16 bytes and not; short ones; few rows
 * with much to sum over; and nothing to sum over: all within what the variant serves.
 */
export function roomyCases(name: string, entry: KernelEntry, variant: Variant): readonly Sizes[] {
  const sized = (lengths: Lengths): Sizes => servable(variant, sizesOf<Size>(entry, (axis, rule) => {
    switch (rule.kind) {
      case 'fixed': return variant.fixed[axis] ?? rule.sizes[0] ?? 1;
      case 'dynamic': return lengths.axes[axis] ?? lengths.all;
      case 'ragged': return lengths.parts;
      default: return rule satisfies never;
    }
  }));
  const emptied = Object.entries(sized({ ...short, axes: { ...short.axes, r: 1 } })).map(([axis, n]): readonly [string, Size] => [axis, isSummed(entry, axis) ? (typeof n === 'number' ? 0 : n.map(() => 0)) : n]);
  const filled = (all: readonly Lengths[]): readonly Sizes[] => all.map((lengths) => possible(name, sized(lengths)));
  // No box is copied of what is empty.
  if (copiesBoxes(variant)) return filled([aligned, odd, short, wide, large, ...(variant.serves ? [long] : [])]).map((sizes) => lined(sizes, variant.launches));
  const isOfOne = (variant.serves ?? []).some((s) => s.atMost === 1);
  return [...filled([aligned, odd, short, wide, ...(isOfOne ? [endless] : [])]), Object.fromEntries(emptied)];
}

interface Lengths { readonly axes: Readonly<Record<string, number>>; readonly all: number; readonly parts: readonly number[] }
const aligned: Lengths = { axes: { b: 2, g: 2, r: 9, h: 3, j: 5, w: 72, d: 40, q: 72, t: 408, x: 1104 }, all: 152, parts: [72, 0, 136] };
const odd: Lengths = { axes: { b: 2, g: 2, r: 3, h: 3, j: 5, w: 70, d: 39, q: 70, x: 1101 }, all: 149, parts: [70, 0, 131] };
const short: Lengths = { axes: { b: 1, g: 1, r: 2, h: 2, j: 3, w: 8, d: 24 }, all: 40, parts: [40] };

/** More turns of the inner loop than its pipe has stages, in several turns of the outer one, by few rows. */
const wide: Lengths = { axes: { b: 1, g: 1, r: 2, h: 2, j: 3, w: 9, d: 40, q: 9, t: 280 }, all: 300, parts: [9] };

/** Several tiles even of warpgroups, one after the other in one block, each of more windows than a ring has places. */
const large: Lengths = { axes: { b: 1, g: 2, r: 2, h: 2, j: 3, w: 264, q: 264, f: 520, d: 64 }, all: 700, parts: [264, 700] };

/** More windows than a ring of few rows has places: it has more of them, and longer ones. */
const long: Lengths = { axes: { b: 1, g: 1, r: 2, h: 2, j: 3, w: 9, q: 9, f: 40, t: 40 }, all: 1304, parts: [9, 1304] };

/** More windows than a single row has under way. */
const endless: Lengths = { axes: { b: 1, g: 1, r: 2, h: 2, j: 3, w: 9, q: 1, f: 20, t: 20 }, all: 2600, parts: [1, 2600] };

/** Whether some result is a sum over an axis, and its length is not one of the few that are at least 1. */
const isSummed = (entry: KernelEntry, axis: string): boolean => entry.sizes[axis]?.kind !== 'fixed' && !(axis in short.axes) && entry.results.some((r) => !r.order.includes(axis));

/** Axes of a bound that is too tight are cut to what is left of it, the last one first; a ragged axis counts with all its rows. */
function servable(variant: Variant, sizes: Sizes): Sizes {
  return (variant.serves ?? []).reduce((cut, { axes, atMost }) => {
    let left = atMost;
    const lengths = axes.toReversed().flatMap((axis): readonly (readonly [string, Size])[] => {
      const n = cut[axis];
      if (n === undefined) return [];
      const most = left;
      const shorter = typeof n === 'number' ? Math.min(n, most) : n.map((m, i) => Math.min(m, Math.floor((most + n.length - 1 - i) / n.length)));
      left = Math.max(1, Math.floor(left / Math.max(1, typeof shorter === 'number' ? shorter : shorter.reduce((a, b) => a + b, 0))));
      return [[axis, shorter]];
    });
    return { ...cut, ...Object.fromEntries(lengths) };
  }, sizes);
}
