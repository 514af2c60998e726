import { type DType, roundTo } from '../../dsl/dtype.js';

/**
 * Test data from a counter: element i of stream `seed` depends on (seed, i) alone, so a failing case shrinks in its
 * shape without redrawing anything, and two arrays of one case use two streams. The mixing is splitmix's finaliser, twice.
 */
export function uniform(seed: number, index: number): number {
  const a = mix((seed | 0) ^ 0x9e3779b9);
  return mix(a + Math.imul(index, 0x85ebca6b)) / 2 ** 32;
}

function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** How the numbers of an array are drawn. */
export interface ValueOptions {
  /** The smallest value, included. */
  readonly min?: number;
  /** The largest value; included only for i32. */
  readonly max?: number;
  /** Values are rounded to it; i32 draws whole numbers of [min, max]. */
  readonly dtype?: DType;
  /** Share of elements replaced by a special value of the dtype. */
  readonly specials?: number;
  /** Which special values; all of the dtype unless said. */
  readonly among?: readonly number[];
}

/**
 * `count` values of [min, max), −8 to 8 unless said: a range in which sums of a few thousand stay exact enough to judge.
 * @example values(seed, q * k, { dtype: 'bf16', specials: 0.1 })
 */
export function values(seed: number, count: number, options: ValueOptions = {}): Float64Array {
  const { min = -8, max = 8, dtype = 'f32', specials: share = 0, among = specials[dtype] } = options;
  // Not every dtype has infinities.
  const special = dtype === 'i32' ? among : among.map(roundTo[dtype]);
  const draw = dtype === 'i32' ? (u: number) => min + Math.floor(u * (max - min + 1)) : (u: number) => roundTo[dtype](min + u * (max - min));
  return Float64Array.from({ length: count }, (_, i) =>
    share > 0 && uniform(seed ^ 0x5bd1e995, i) < share ? special[Math.floor(uniform(seed ^ 0x2c1b3c6d, i) * special.length)] ?? 0 : draw(uniform(seed, i)));
}

/** What arithmetic trips over, by dtype: signed zeros, NaN, infinities, the smallest denormal and normal, the largest values. */
export const specials: Readonly<Record<DType, readonly number[]>> = {
  f32: [0, -0, NaN, Infinity, -Infinity, 2 ** -149, 2 ** -126, 3.4028234663852886e38, -3.4028234663852886e38],
  f16: [0, -0, NaN, Infinity, -Infinity, 2 ** -24, 2 ** -14, 65504, -65504],
  bf16: [0, -0, NaN, Infinity, -Infinity, 2 ** -133, 2 ** -126, 3.3895313892515355e38, -3.3895313892515355e38],
  f8e4m3: [0, -0, NaN, 2 ** -9, 2 ** -6, 448, -448],
  i32: [0, -1, 1, 2 ** 31 - 1, -(2 ** 31)],
};
