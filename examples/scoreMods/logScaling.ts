// Scores that grow with the position (Llama 4's temperature tuning; log-n scaling, Chiang and Cholak, 2022, arXiv:2202.12172):
// a longer context spreads a softmax thin, so late queries are sharpened. The factor depends on the query's position alone.
// Run it: `node build/ts/examples/scoreMods/logScaling.js`.
import { causal, type In, kernel, map, toArray } from 'warpfold/dsl';
import { attend, type Attended, type Keys, type Queries, scores } from '../attend.js';
import { tensor } from '../show.js';

/** Causal attention on `s·(1 + scale·ln(1 + ⌊(q + 1) / floor⌋))`. */
export const logScaling = kernel('logScaling', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, floor: In<'i32', []>, scale: In<'f32', []>): Attended<E> =>
    attend(map(scores(q, k), floor, scale, (s, floor, scale, at) => (causal(at.q, at.k) ? s * (1 + scale * Math.log(1 + Math.floor((at.q + 1) / floor))) : -Infinity)), v));

// Key 0 scores 4 and all others 0; its value alone is 1. With the factor it holds its own among more and more keys.
const q = tensor(['q', 'g', 'r', 'd'], [64, 1, 1, 64], () => 0.5);
const first = tensor(['k', 'g', 'd'], [64, 1, 64], (i) => Number(i < 64));
for (const scale of [0, 0.3]) {
  const o = toArray(logScaling.reference([q, first, first, 8, scale]), ['q', 'g', 'r', 'd']);
  console.log(`scale ${scale}: weight of key 0 in rows 7, 15, 31, 63: ${[7, 15, 31, 63].map((row) => (o[row * 64] ?? 0).toFixed(3)).join(' ')}`);
}
