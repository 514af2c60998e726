import type { DType } from '../../dsl/dtype.js';
import type { Axis, Kernel } from '../../dsl/index.js';
import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import type { Case } from '../kit/agrees.js';
import type { ValueOptions } from '../kit/values.js';
import * as attention from './kernels/attention.js';
import * as masks from './kernels/masks.js';
import * as raggedKernels from './kernels/ragged.js';
import * as rows from './kernels/rows.js';
import * as scoreMods from './kernels/scoreMods.js';

/** Every kernel of this folder, by name. */
export const kernels: Readonly<Record<string, Kernel<never>>> = { ...attention, ...masks, ...raggedKernels, ...rows, ...scoreMods };

/** A case small enough for the float64 reference. */
export interface SmallCase extends Case { readonly kernel: Kernel<never>; readonly sizes: Readonly<Record<Axis, number | readonly number[]>> }

/** Lengths at and around the edges of tiles; one query with many keys; more queries than keys; a ragged batch with an empty part. */
const shapes: readonly Readonly<Record<Axis, number | readonly number[]>>[] = [
  { b: 1, q: 17, k: 33, g: 2, r: 2, e: 40, f: 33, n: 7 },
  { b: 2, q: 1, k: 130, g: 1, r: 3, e: 129, f: 17, n: 100 },
  { b: 1, q: 65, k: 16, g: 1, r: 1, e: 64, f: 64, n: 16 },
  { b: 1, q: 66, k: 129, g: 1, r: 2, e: 8, f: 130, n: 1 },
];
const parts: readonly Readonly<Record<Axis, readonly number[]>>[] = [{ q: [3, 17, 1], k: [3, 17, 1] }, { q: [1, 65], k: [64, 66] }, { q: [5, 2, 31], k: [5, 0, 31] }, { q: [33], k: [33] }];

/** What each parameter is drawn from where it is no plain tensor. */
const drawn: Readonly<Record<string, ValueOptions>> = {
  scale: { min: 0.1, max: 0.3 }, left: { min: 0, max: 30 }, right: { min: 0, max: 9 }, length: { min: 0, max: 40 }, width: { min: 1, max: 20 }, stride: { min: 1, max: 4 },
  reach: { min: 1, max: 3 }, block: { min: 1, max: 20 }, ofQuery: { min: 0, max: 2 }, ofKey: { min: 0, max: 2 }, slope: { min: 0.01, max: 0.5 }, cap: { min: 5, max: 30 },
};

/** Every variant of every kernel at every shape; in a quick run, the first variant at the first. */
export function smallCases(manifest: Manifest, quick: boolean): readonly SmallCase[] {
  return Object.entries(manifest.kernels).flatMap(([name, entry]) => {
    const kernel = kernels[name];
    if (kernel === undefined) return [];
    return variantsOf(entry).slice(0, quick ? 1 : undefined).flatMap(({ dtypes, fixed }, v) => shapes.slice(0, quick ? 1 : undefined).map((shape, i) => {
      const sizes = { ...shape, ...(isRagged(entry) ? parts[i] : {}), ...fixed };
      return { kernel, dtypes, seed: 1000 * v + i, values: drawn, sizes: Object.fromEntries(Object.entries(sizes).filter(([axis]) => axis in entry.sizes)) };
    }));
  });
}

interface Choice { readonly dtypes: Readonly<Record<string, DType>>; readonly fixed: Readonly<Record<Axis, number>> }

/** A kernel's choices of dtypes and fixed sizes, each once whatever it is compiled for. */
const variantsOf = (entry: KernelEntry): readonly Choice[] => [...new Map(entry.variants.map(({ dtypes, fixed }) => [JSON.stringify([dtypes, fixed]), { dtypes, fixed }])).values()];
const isRagged = (entry: KernelEntry): boolean => Object.values(entry.sizes).some((rule) => rule.kind === 'ragged');
