import type { DType } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/index.js';
import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import type { Case } from '../kit/call.js';
import type { ValueOptions } from '../kit/values.js';

/** A case small enough for the float64 reference. */
export interface SmallCase extends Case { readonly kernel: string }

/** Lengths at and around the edges of tiles; one query with many keys; more queries than keys; a row with more to sum than is under way at a time. */
const shapes: readonly Readonly<Record<Axis, number>>[] = [
  { b: 1, q: 17, k: 33, g: 2, r: 2, e: 40, f: 33, n: 7, t: 50, h: 2, j: 7, w: 8, d: 24, x: 1100 },
  { b: 2, q: 1, k: 130, g: 1, r: 3, e: 129, f: 17, n: 100, t: 17, h: 1, j: 3, w: 1, d: 16, x: 1 },
  { b: 1, q: 65, k: 16, g: 1, r: 1, e: 64, f: 64, n: 16, t: 128, h: 3, j: 1, w: 5, d: 32, x: 33 },
  { b: 1, q: 66, k: 129, g: 1, r: 2, e: 8, f: 130, n: 1, t: 200, h: 1, j: 9, w: 9, d: 40, x: 513 },
  { b: 1, q: 1, k: 30, g: 1, r: 2, e: 2600, f: 20, n: 9, t: 20, h: 2, j: 3, w: 3, d: 16, x: 7 },
];
/** Lengths of the parts where axes are ragged: a part of one element, empty ones, a long last one. */
const parts: readonly Readonly<Record<Axis, readonly number[]>>[] = [
  { q: [3, 17, 1], k: [5, 17, 1], n: [2, 9, 1], j: [4, 3, 1] }, { q: [1, 65], k: [64, 66], n: [64, 1], j: [70, 1] },
  { q: [5, 2, 31], k: [5, 0, 31], n: [0, 0, 31], j: [0, 1, 4] }, { q: [33], k: [33], n: [16], j: [2] },
  { q: [1], k: [30], n: [9], j: [3] },
];

/** What each parameter is drawn from where it is no plain tensor. */
const drawn = (sizes: Case['sizes']): Readonly<Record<string, ValueOptions>> => {
  const below = (axis: Axis): ValueOptions => ({ min: 0, max: longest(sizes[axis] ?? 1) - 1 });
  return {
    ids: below('t'), target: below('t'), index: below('k'), column: below('n'), place: below('b'), length: { min: 0, max: 40 }, ofQuery: { min: 0, max: 2 }, ofKey: { min: 0, max: 2 },
    scale: { min: 0.1, max: 0.3 }, eps: { min: 1e-5, max: 2e-5 }, threshold: { min: 0.02, max: 0.04 }, zones: { min: 0, max: 7 }, edge: { min: 0, max: 40 }, first: { min: 0, max: 20 },
    turning: { min: 0, max: 4 }, lo: { min: 0, max: 3 }, behind: { min: 0, max: 2 }, sure: { min: 0, max: 2 }, rows: { min: 1, max: 8 }, left: { min: 0, max: 30 }, right: { min: 0, max: 9 }, width: { min: 1, max: 20 },
    stride: { min: 1, max: 4 }, reach: { min: 1, max: 3 }, block: { min: 1, max: 20 }, slope: { min: 0.01, max: 0.5 }, cap: { min: 5, max: 30 },
  };
};
const longest = (size: number | readonly number[]): number => (typeof size === 'number' ? size : Math.max(...size));

/** Every variant of every kernel at every shape; in a quick run, the first variant at the first. */
export function smallCases(manifest: Manifest, quick: boolean): readonly SmallCase[] {
  const some = quick ? 1 : shapes.length;
  return Object.entries(manifest.kernels).flatMap(([kernel, entry]) => variantsOf(entry).slice(0, quick ? 1 : undefined).flatMap(({ dtypes, fixed }, v) => shapes.slice(0, some).map((shape, i) => {
    const sizes = sizesOf(entry, { ...shape, ...fixed }, parts[i] ?? {});
    return { kernel, dtypes, seed: 1000 * v + i, values: drawn(sizes), sizes, outside: [i, (5 * i) % 3] };
  })));
}

/** Ragged axes take their parts; the axes that they depend on are as long as there are parts. */
function sizesOf(entry: KernelEntry, shape: Readonly<Record<Axis, number>>, ragged: Readonly<Record<Axis, readonly number[]>>): Case['sizes'] {
  const rules = Object.entries(entry.sizes);
  const counted = new Map(rules.flatMap(([axis, rule]) => (rule.kind === 'ragged' ? [[rule.by, ragged[axis]?.length ?? 1] as const] : [])));
  return Object.fromEntries(rules.map(([axis, rule]) => [axis, rule.kind === 'ragged' ? ragged[axis] ?? [1] : counted.get(axis) ?? shape[axis] ?? 3]));
}

interface Choice { readonly dtypes: Readonly<Record<string, DType>>; readonly fixed: Readonly<Record<Axis, number>> }

/** A kernel's choices of dtypes and fixed sizes, each once whatever it is compiled for. */
const variantsOf = (entry: KernelEntry): readonly Choice[] => [...new Map(entry.variants.map(({ dtypes, fixed }) => [JSON.stringify([dtypes, fixed]), { dtypes, fixed }])).values()];
