// Rectified attention (Wortsman et al., 2023, arXiv:2309.08586): max(0, s) divided by the number of keys, or by the row's own
// sum. A rectifier of the score alone streams; of a score minus a moving reference it would be refused (S102).
// Run it: `node build/ts/examples/variants/rectified.js`.
import { dot, kernel, map, sizeOf, sum, toArray } from 'warpfold/dsl';
import { type Attended, type Keys, type Queries, scores } from '../attend.js';
import { noise, tensor } from '../show.js';

/** `byCount`: Σ_k max(0, s)·v / K as in the paper. `bySum`: the same weights divided by their sum; 0 where no key is positive. */
export const rectified = kernel('rectified', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Queries<'f32'>, k: Keys<'f32'>, v: Keys<'f32'>): { byCount: Attended<'f32'>; bySum: Attended<'f32'> } => {
    const w = map(scores(q, k), (s) => Math.max(0, s));
    const o = dot(w, v, 'k');
    return { byCount: map(o, (o) => o / sizeOf('k')), bySum: map(o, sum(w, 'k'), (o, l) => (l === 0 ? 0 : o / l)) };
  });

const unit = tensor(['k', 'g', 'd'], [8, 1, 64], (i) => Number(Math.floor(i / 64) === i % 64));
const { bySum } = rectified.reference([tensor(['q', 'g', 'r', 'd'], [3, 1, 1, 64], noise(1)), tensor(['k', 'g', 'd'], [8, 1, 64], noise(2)), unit]);
for (const q of [0, 1, 2]) console.log(`row ${q}: ${Array.from(toArray(bySum, ['q', 'g', 'r', 'd']).subarray(q * 64, q * 64 + 8), (x) => x.toFixed(2)).join(' ')}`);
