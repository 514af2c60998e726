/**
 * Element types in memory. Arithmetic is in f32 (i32 for integral scalar code); booleans live in scalar code only. `f8e4m3` has
 * 4 bits of exponent and 3 of mantissa, a NaN and no infinities (OCP 8-bit floating point, torch.float8_e4m3fn); it only stores.
 */
export type DType = 'f32' | 'f16' | 'bf16' | 'f8e4m3' | 'i32';

/** Every element type. */
export const dtypes: readonly DType[] = ['f32', 'f16', 'bf16', 'f8e4m3', 'i32'];

/** Bytes of one element. */
export const dtypeBytes: Readonly<Record<DType, number>> = { f32: 4, f16: 2, bf16: 2, f8e4m3: 1, i32: 4 };

/** Rounds a float64 to the nearest value of a dtype (ties to even); f8e4m3 saturates, i32 truncates toward zero and wraps. */
export const roundTo: Readonly<Record<DType, (x: number) => number>> = {
  f32: Math.fround,
  f16: (x) => roundBits(x, 11, -14, 65504),
  bf16: (x) => roundBits(x, 8, -126, 3.3895313892515355e38),
  f8e4m3: (x) => Math.max(-448, Math.min(448, roundBits(x, 4, -6, Infinity))),
  i32: (x) => x | 0,
};

/** What a cast means before any rounding: i32 truncates and f8e4m3 saturates; undefined where it changes nothing. */
export const castExactly = (dtype: DType): ((x: number) => number) | undefined =>
  dtype === 'i32' ? roundTo.i32 : dtype === 'f8e4m3' ? (x) => Math.max(-448, Math.min(448, x)) : undefined;

/** Nearest value with `digits` significant bits and smallest normal exponent `eMin`; above `max` after rounding it overflows to infinity. */
function roundBits(x: number, digits: number, eMin: number, max: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), eMin);
  // log2 may be off by one next to a power of two; the correction keeps the quantum right.
  const e = 2 ** exponent > Math.abs(x) && exponent > eMin ? exponent - 1 : 2 ** (exponent + 1) <= Math.abs(x) ? exponent + 1 : exponent;
  const quantum = 2 ** (e - digits + 1);
  const scaled = x / quantum;
  const down = Math.floor(scaled);
  const rest = scaled - down;
  const even = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  const y = even * quantum;
  return Math.abs(y) > max ? Math.sign(y) * Infinity : y === 0 && x < 0 ? -0 : y;
}
