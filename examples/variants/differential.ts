// Differential attention (Ye et al., 2025, arXiv:2410.05258): the difference of two softmaxes cancels what both attend to.
// Two references, two sums, one walk of the keys: the derivation treats them as one block-diagonal system.
// Run it: `node build/ts/examples/variants/differential.js`.
import { causal, dot, type In, kernel, map, type Out, sizeOf, softmax, type Tensor, toArray } from 'warpfold/dsl';
import { noise, tensor } from '../show.js';

type Rows = In<'f32', ['q', 'h', 'd']>;
type Cols = In<'f32', ['k', 'h', 'd']>;
const shares = (q: Rows, k: Cols): Tensor<'f32', 'q' | 'h' | 'k'> => softmax(map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s / Math.sqrt(sizeOf('d')) : -Infinity)), 'k');

/** `(softmax(q₁·k₁) − λ·softmax(q₂·k₂))·v` by head; the norm by head that follows in the paper is left to the next kernel. */
export const differential = kernel('differential', { q: 'dynamic', k: 'dynamic', h: 'dynamic', d: 64 },
  (q1: Rows, q2: Rows, k1: Cols, k2: Cols, v: Cols, lambda: In<'f32', []>): Out<'f32', ['q', 'h', 'd']> =>
    dot(map(shares(q1, k1), shares(q2, k2), lambda, (a, b, lambda) => a - lambda * b), v, 'k'));

// Both maps see the same noise and the first also key 3: the difference keeps key 3.
const n = 12;
const common = noise(1);
const q = tensor(['q', 'h', 'd'], [n, 1, 64], (i) => (i % 64 === 63 ? 12 : 2 * common(i % 64)));
const keys = (target: number) => tensor(['k', 'h', 'd'], [n, 1, 64], (i) => (i % 64 === 63 ? target * Number(Math.floor(i / 64) === 3) : noise(2)(i)));
const unit = tensor(['k', 'h', 'd'], [n, 1, 64], (i) => Number(Math.floor(i / 64) === i % 64));
for (const lambda of [0, 0.9]) {
  const last = toArray(differential.reference([q, q, keys(1), keys(0), unit, lambda]), ['q', 'h', 'd']).subarray((n - 1) * 64, (n - 1) * 64 + n);
  console.log(`λ ${lambda}: weights of the last row ${Array.from(last, (x) => x.toFixed(2)).join(' ')}`);
}
