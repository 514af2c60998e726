// Sigmoid attention (Ramapuram et al., 2025, arXiv:2409.04431): every key on its own, no sum to divide by and so nothing to
// re-state: the derivation finds a plain sum over keys (T = 1). The bias −ln(number of keys) keeps rows near 1 at the start.
// Run it: `node build/ts/examples/variants/sigmoid.js`.
import { causal, dot, type In, kernel, map, sizeOf } from 'warpfold/dsl';
import { type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';
import { tensor } from '../show.js';

/** `Σ_k sigmoid(s + bias − ln K)·v`, causally; `bias` [g, r]. */
export const sigmoid = kernel('sigmoid', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Queries<'f32'>, k: Keys<'f32'>, v: Keys<'f32'>, bias: In<'f32', ['g', 'r']>): Attended<'f32'> =>
    dot(map(scores(q, k), bias, (s, bias, at) => (causal(at.q, at.k) ? 1 / (1 + Math.exp(Math.log(sizeOf('k')) - s - bias)) : 0)), v, 'k'));

drawWeights('sigmoid, equal scores', (q, k, v) => sigmoid.reference([q, k, v, tensor(['g', 'r'], [1, 1], () => 0)]), 12);
