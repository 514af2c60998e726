// What the gallery prints: matrices as shades, scores as bars, and a small cache with one key to find.
import { array, denseOf, type In, type Tensor, toArray, topk } from 'warpfold/dsl';

/** A tensor of numbers in row-major order of `axes`. */
export const tensor = <const A extends readonly string[]>(axes: A, shape: readonly number[], at: (i: number) => number): Tensor<'f32', A[number]> =>
  array(Float64Array.from({ length: shape.reduce((n, s) => n * s, 1) }, (_, i) => at(i)), { axes, shape });

/** Numbers of [−1, 1) that look random and are the same in every run (splitmix's finaliser of a counter). */
export const noise = (seed: number) => (i: number): number => {
  let h = Math.imul(i + 1, 0x9e3779b9) ^ Math.imul(seed + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 31 - 1;
};

/** A matrix as characters, one row per line: the darker, the larger its share of the row's largest. */
export function shades(rows: Float64Array, width: number): string {
  return rowsOf(rows, width).map((row) => `  ${Array.from(row, (x) => ' ░▒▓█'.at(x > 0 ? Math.ceil((4 * x) / Math.max(...row)) : 0)).join('')}`).join('\n');
}

/** Numbers as bars, from the smallest finite one to the largest; what is infinite as ∧ and ∨. */
export function bars(xs: Float64Array): string {
  const finite = xs.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return Array.from(xs, (x) => (x === Infinity ? '∧' : x === -Infinity ? '∨' : '▁▂▃▄▅▆▇█'.at(Math.round((7 * (x - low)) / Math.max(high - low, Number.MIN_VALUE))))).join('');
}

/** Positions and head dim of the cache below. */
export const [numKeys, numKvHeads, groupSize, window, dim] = [48, 2, 4, 8, 64] as const;
/** Where its sink and the key that the last queries look for stand. */
export const [sink, needle] = [0, 20] as const;

export interface PlantedCache {
  /** The queries of all positions, and those of the last ones. */
  readonly prompt: In<'f32', ['q', 'g', 'r', 'd']>;
  readonly last: In<'f32', ['w', 'g', 'r', 'd']>;
  readonly k: In<'f32', ['k', 'g', 'd']>;
  readonly v: In<'f32', ['k', 'g', 'd']>;
}

/** The directions in which queries look for those two, by channel. */
export const [towardsSink, towardsNeedle] = [noise(1), noise(2)] as const;

/** Noise, in which every query looks at key 0, small as sinks are, and the last eight at key 20 besides. */
export function plantedCache(): PlantedCache {
  const [q, k, v] = [noise(3), noise(4), noise(5)] as const;
  const row = (i: number): number => Math.floor(i / (numKvHeads * groupSize * dim));
  const query = (first: number) => (i: number): number =>
    q(i + first * numKvHeads * groupSize * dim) + 2 * towardsSink(i % dim) + (row(i) + first >= numKeys - window ? 2 * towardsNeedle(i % dim) : 0);
  const key = (i: number): number => {
    const at = Math.floor(i / (numKvHeads * dim));
    return at === sink ? 0.6 * towardsSink(i % dim) : at === needle ? 0.9 * towardsNeedle(i % dim) : k(i);
  };
  return {
    prompt: tensor(['q', 'g', 'r', 'd'], [numKeys, numKvHeads, groupSize, dim], query(0)),
    last: tensor(['w', 'g', 'r', 'd'], [window, numKvHeads, groupSize, dim], query(numKeys - window)),
    k: tensor(['k', 'g', 'd'], [numKeys, numKvHeads, dim], key),
    v: tensor(['k', 'g', 'd'], [numKeys, numKvHeads, dim], (i) => (Math.floor(i / (numKvHeads * dim)) === sink ? 0.1 : 1) * v(i)),
  };
}

/** The scores of each KV head as bars, and the keys it keeps: those given, else the twelve best. */
export function showScores(title: string, scores: Tensor<'f32', 'k'> | Tensor<'f32', 'g' | 'k'>, kept?: Tensor<'i32', 'g' | 'n'>): void {
  const isShared = !denseOf(scores).axes.includes('g');
  console.log(`${title} (the key looked for is ${needle})`);
  for (const [g, row] of rowsOf(toArray(scores, isShared ? ['k'] : ['g', 'k']), numKeys).entries()) {
    const best = kept ? rowsOf(toArray(kept, ['g', 'n']), denseOf(kept).data.length / numKvHeads)[g] : denseOf(topk(array(row, { axes: ['k'], shape: [numKeys] }), 'k', 12, 'n')).data;
    console.log(`  ${isShared ? 'every head' : `head ${g}`}  ${bars(row)}  keeps ${Array.from(best ?? []).filter((i) => i >= 0).join(' ')}`);
  }
}
const rowsOf = (x: Float64Array, width: number): readonly Float64Array[] => Array.from({ length: x.length / width }, (_, i) => x.subarray(i * width, (i + 1) * width));
