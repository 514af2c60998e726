// Formulas of papers on plain nested numbers, written without the language, so that what agrees with them is not itself.

/** Numbers of a row-major array by position: `view(data, [2, 3])(1, 2)`. */
export const view = (data: ArrayLike<number>, shape: readonly number[]) => (...at: readonly number[]): number => data[at.reduce((i, a, axis) => i * (shape[axis] ?? 1) + a, 0)] ?? Number.NaN;
/** 0 … n − 1. */
export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
export const total = (xs: readonly number[]): number => xs.reduce((s, x) => s + x, 0);
export const mean = (xs: readonly number[]): number => total(xs) / xs.length;
export const norm = (xs: readonly number[]): number => Math.sqrt(total(xs.map((x) => x * x)));
export const inner = (a: readonly number[], b: readonly number[]): number => total(a.map((x, i) => x * (b[i] ?? Number.NaN)));
/** e^x / Σ e^x; of −∞ alone, 0. */
export function shares(xs: readonly number[]): readonly number[] {
  const top = Math.max(...xs);
  const e = xs.map((x) => (top === -Infinity ? 0 : Math.exp(x - top)));
  return e.map((x) => x / Math.max(total(e), Number.MIN_VALUE));
}
/** Positions of the n largest, ascending, ties to the lower; −1 fills up. */
export function best(xs: readonly number[], n: number): readonly number[] {
  const order = [...range(xs.length)].sort((i, j) => (xs[j] === xs[i] ? i - j : (xs[j] ?? 0) > (xs[i] ?? 0) ? 1 : -1)).slice(0, n).sort((a, b) => a - b);
  return [...order, ...range(Math.max(0, n - xs.length)).map(() => -1)];
}
