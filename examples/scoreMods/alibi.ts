// ALiBi (Press et al., 2022, arXiv:2108.12409): each head fades with distance at its own slope. A score mod is arithmetic on
// the score and the positions; the slopes are an input with the heads' axes and meet the scores by name.
// Run it: `node build/ts/examples/scoreMods/alibi.js`.
import { causal, type In, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';
import { tensor } from '../show.js';

/** `s − slope·(q − k)`, causally; `slope` [g, r], by head 2^(−8·1/H), 2^(−8·2/H), … */
export const alibi = kernel('alibi', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, slope: In<'f32', ['g', 'r']>): Attended<E> =>
    attend(map(scores(q, k), slope, (s, slope, at) => (causal(at.q, at.k) ? s - slope * (at.q - at.k) : -Infinity)), v));

for (const slope of [0.05, 0.3]) drawWeights(`slope ${slope}`, (q, k, v) => alibi.reference([q, k, v, tensor(['g', 'r'], [1, 1], () => slope)]), 16);
