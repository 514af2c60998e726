import { fc } from '@fast-check/vitest';
import type { Arbitrary } from 'fast-check';
import type { ArgSpec, KernelEntry, Variant } from '../../dsl/manifest.js';
import { length, raggedLengths } from '../kit/shapes.js';
import type { ValueOptions } from '../kit/values.js';

/** The length of every axis; of a ragged one, those of its parts. */
export type Sizes = Readonly<Record<string, number | readonly number[]>>;

/** The longest that axes are drawn: what there is of them multiplies. */
const longest: Readonly<Record<string, number>> = { b: 3, c: 3, g: 3, r: 4, h: 4, w: 17, j: 9, d: 64, x: 1100, t: 200 };
const longestOf = (axis: string): number => longest[axis] ?? 140;

/** Lengths at the edges of the tiles of a kernel's launches; fixed axes as given. */
export function casesOf(name: string, entry: KernelEntry, fixed: Readonly<Record<string, number>>): Arbitrary<Sizes> {
  const drawn = Object.entries(entry.sizes).filter(([axis]) => !isCounted(entry, axis)).map(([axis, rule]): readonly [string, Arbitrary<number | readonly number[]>] => {
    const tile = tileOf(entry, axis);
    const options = { max: longestOf(axis), ...(tile > 1 ? { tile } : {}) };
    switch (rule.kind) {
      case 'fixed': return [axis, fc.constant(fixed[axis] ?? rule.sizes[0] ?? 1)];
      case 'dynamic': return [axis, length(options)];
      case 'ragged': return [axis, raggedLengths({ ...options, max: Math.min(80, options.max), maxParts: 3 })];
      default: return rule satisfies never;
    }
  });
  return fc.record(Object.fromEntries(drawn)).map((sizes) => possible(name, sizes));
}

/** The block of an axis in the grid; 1 where the grid does not cut it. */
const tileOf = (entry: KernelEntry, axis: string): number =>
  Math.max(1, ...entry.variants.filter((v) => v.target === 'sm_80').flatMap((v) => v.launches.flatMap((l) => l.grid.filter((g) => g.axis === axis).map((g) => g.block))));

/** A choice of n rows needs as many. */
function possible(name: string, sizes: Sizes): Sizes {
  const { n, k } = sizes;
  return name === 'selectTokens' && typeof n === 'number' && typeof k === 'number' ? { ...sizes, n: Math.min(n, k) } : sizes;
}

/** The length of an axis, of a ragged one the longest part; 1 where there is nothing. */
const lengthOf = (sizes: Sizes, axis: string): number => {
  const n = sizes[axis] ?? 1;
  return Math.max(1, ...(typeof n === 'number' ? [n] : n));
};

/** Integers below the length of the axis that they index. */
const indexes: Readonly<Record<string, string>> = { ids: 't', target: 't', index: 'k', column: 'n' };
/** Numbers that are no data: what a call of the kernel gives them. */
const settings: Readonly<Record<string, (sizes: Sizes, seed: number) => number>> = {
  eps: () => 1e-5, scale: () => 0.125, threshold: () => 0.03, edge: (_, seed) => seed % 40, zones: (_, seed) => seed % 8,
  // Behind the last row that a causal kernel sees, before, and in between: rows from the first key on always see one.
  first: (sizes, seed) => seed % lengthOf(sizes, 'k'), lo: (sizes, seed) => seed % Math.min(lengthOf(sizes, 'k'), 3), length: (sizes) => lengthOf(sizes, 'n'),
};

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
 * Lengths with several tiles on every axis, both such that rows begin at multiples of 16 bytes and not; short ones; and
 * nothing to sum over: all within what the variant serves.
 */
export function roomyCases(name: string, entry: KernelEntry, variant: Variant): readonly Sizes[] {
  return [aligned, odd, short, empty].map((lengths) => possible(name, servable(variant, Object.fromEntries(Object.entries(entry.sizes).flatMap(([axis, rule]): readonly (readonly [string, number | readonly number[]])[] => {
    switch (rule.kind) {
      case 'fixed': return [[axis, variant.fixed[axis] ?? rule.sizes[0] ?? 1]];
      case 'dynamic': return isCounted(entry, axis) ? [] : [[axis, lengths.summed !== undefined && isSummed(entry, axis) ? lengths.summed : lengths.axes[axis] ?? lengths.all]];
      case 'ragged': return [[axis, lengths.parts]];
      default: return rule satisfies never;
    }
  })))));
}

interface Lengths { readonly axes: Readonly<Record<string, number>>; readonly all: number; readonly parts: readonly number[]; readonly summed?: number }
const aligned: Lengths = { axes: { b: 2, c: 2, g: 2, r: 3, h: 3, j: 5, w: 72, d: 40, q: 72, x: 1104 }, all: 152, parts: [72, 0, 136] };
const odd: Lengths = { axes: { b: 2, c: 2, g: 2, r: 3, h: 3, j: 5, w: 70, d: 39, q: 70, x: 1101 }, all: 149, parts: [70, 0, 131] };
const short: Lengths = { axes: { b: 1, c: 1, g: 1, r: 2, h: 2, j: 3, w: 8, d: 24 }, all: 40, parts: [40] };
const empty: Lengths = { ...short, summed: 0 };

/** Whether no result has the axis. */
const isSummed = (entry: KernelEntry, axis: string): boolean => entry.results.every((r) => !r.order.includes(axis));
const isCounted = (entry: KernelEntry, axis: string): boolean => Object.values(entry.sizes).some((rule) => rule.kind === 'ragged' && rule.by === axis);

/** Axes of a bound that is too tight are cut to what is left of it, in order. */
function servable(variant: Variant, sizes: Sizes): Sizes {
  return (variant.serves ?? []).reduce((cut, { axes, atMost }) => {
    let left = atMost;
    const lengths = axes.map((axis) => {
      const n = Math.max(1, Math.min(lengthOf(cut, axis), left));
      left = Math.floor(left / n);
      return [axis, n] as const;
    });
    return { ...cut, ...Object.fromEntries(lengths) };
  }, sizes);
}
