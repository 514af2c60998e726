import type { DType } from './dtype.js';
import type { Axis } from './expr.js';
import { dot, gather, map, max, sizeOf, sum, tabulate, type Tensor } from './tensor.js';
import type { Over, Rest } from './typeRules.js';

// Functions *in* the language: the compiler follows them into this source like any user's function. Where an axis is given
// by name, the first signature is for callers and says what is wrong with it; the second one is what the body knows.

/** Where a running maximum starts: finite, so that −∞ − m is −∞ and never NaN. Scores below it count as masked. */
export const FLOOR = -(2 ** 100);

/** Shares of each element along an axis: e^x / Σ e^x, stable for any finite x. A row of −∞ alone gives 0 everywhere. */
export function softmax<A extends Axis, K extends Axis>(x: Tensor<DType, A>, over: Over<'softmax', A, K>): Tensor<'f32', A>;
export function softmax<A extends Axis, K extends A>(x: Tensor<DType, A>, over: K): Tensor<'f32', A> {
  const m = map(max(x, over), (m) => Math.max(m, FLOOR));
  const e = map(x, m, (x, m) => Math.exp(x - m));
  const l = sum(e, over);
  return map(e, l, (e, l) => (l === 0 ? 0 : e / l));
}

/** log Σ e^x along an axis, stable; −∞ for a row of −∞ alone. */
export function logSumExp<A extends Axis, K extends Axis>(x: Tensor<DType, A>, over: Over<'logSumExp', A, K>): Tensor<'f32', Rest<A, A, K>>;
export function logSumExp<A extends Axis, K extends A>(x: Tensor<DType, A>, over: K): Tensor<'f32', Exclude<A, K>> {
  const m = map(max(x, over), (m) => Math.max(m, FLOOR));
  const l = sum(map(x, m, (x, m) => Math.exp(x - m)), over);
  return map(m, l, (m, l) => m + Math.log(l));
}

/** Both names are in use. */
export const logsumexp = logSumExp;

/** x / √(mean of x² + eps) · gain along an axis (Zhang and Sennrich, 2019). */
export function rmsNorm<A extends Axis, K extends A>(x: Tensor<DType, A>, gain: Tensor<DType, K>, over: K, eps: number): Tensor<'f32', A> {
  const squares = sum(map(x, (x) => x * x), over);
  const scale = map(squares, (s) => 1 / Math.sqrt(s / sizeOf(over) + eps));
  return map(x, scale, gain, (x, scale, gain) => x * scale * gain);
}

/** (x − mean) / √(variance + eps) · gain + bias along an axis (Ba et al., 2016). */
export function layerNorm<A extends Axis, K extends A>(x: Tensor<DType, A>, gain: Tensor<DType, K>, bias: Tensor<DType, K>, over: K, eps: number): Tensor<'f32', A> {
  const mean = map(sum(x, over), (s) => s / sizeOf(over));
  const variance = map(sum(map(x, mean, (x, mean) => (x - mean) ** 2), over), (s) => s / sizeOf(over));
  return map(x, mean, variance, gain, bias, (x, mean, variance, gain, bias) => ((x - mean) / Math.sqrt(variance + eps)) * gain + bias);
}

/** x · sigmoid(x), of one number. */
export const silu = (x: number): number => x / (1 + Math.exp(-x));
/** The gated unit of Shazeer (2020), of one pair of numbers: silu(gate) · up. */
export const swiglu = (gate: number, up: number): number => silu(gate) * up;
/** The tanh form of x · Φ(x), of one number (Hendrycks and Gimpel, 2016). */
export const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/**
 * Rotary positions (Su et al., 2021), half-split: element i turns with element i ± D/2 of axis `over` by the angle whose
 * cosine and sine stand in the tables. Compute the tables in float64: angles of far positions lose digits in f32.
 */
export function rope<A extends Axis, B extends Axis, K extends A & B>(x: Tensor<DType, A>, cos: Tensor<'f32', B>, sin: Tensor<'f32', B>, over: K): Tensor<'f32', A | B> {
  const partner = gather(x, over, tabulate([over], (at) => (at[over] + Math.floor(sizeOf(over) / 2)) % sizeOf(over)));
  const turned = map(partner, tabulate([over], (at) => (at[over] < Math.floor(sizeOf(over) / 2) ? -1 : 1)), (x, sign) => sign * x);
  return map(x, turned, cos, sin, (x, turned, cos, sin) => x * cos + turned * sin);
}

/** Largest in a window of `width` (odd) centred on each position, −∞ outside the axis. `window`, an axis of length `width`, must not be among x's. */
export function maxPool<A extends Axis, K extends Axis, W extends Axis>(x: Tensor<DType, A>, over: Over<'maxPool', A, K>, window: W, width: number): Tensor<'f32', A>;
export function maxPool<A extends Axis, K extends A, W extends Axis>(x: Tensor<DType, A>, over: K, window: W, width: number): Tensor<'f32', A> {
  const near = gather(x, over, tabulate([over, window], (at) => at[over] + at[window] - (width - 1) / 2), -Infinity);
  return max(near, window) as unknown as Tensor<'f32', A>; // The window is none of A, which types cannot say.
}

/** Mean in a window of `width` (odd) centred on each position; positions outside the axis count as 0. `window` as in {@link maxPool}. */
export function avgPool<A extends Axis, K extends Axis, W extends Axis>(x: Tensor<DType, A>, over: Over<'avgPool', A, K>, window: W, width: number): Tensor<'f32', A>;
export function avgPool<A extends Axis, K extends A, W extends Axis>(x: Tensor<DType, A>, over: K, window: W, width: number): Tensor<'f32', A> {
  const near = gather(x, over, tabulate([over, window], (at) => at[over] + at[window] - (width - 1) / 2));
  const total = sum(near, window) as unknown as Tensor<'f32', A>; // The window is none of A, which types cannot say.
  return map(total, (s) => s / width);
}

/** Entropy of the softmax along an axis, in nats; −∞ for a row of −∞ alone. */
export function entropy<A extends Axis, K extends Axis>(x: Tensor<DType, A>, over: Over<'entropy', A, K>): Tensor<'f32', Rest<A, A, K>>;
export function entropy<A extends Axis, K extends A>(x: Tensor<DType, A>, over: K): Tensor<'f32', Exclude<A, K>> {
  const p = softmax(x, over);
  const lse = logSumExp(x, over);
  const weighted = dot(p, map(x, (x) => (x === -Infinity ? 0 : x)), over);
  return map(lse, weighted, (lse, weighted) => lse - weighted);
}
