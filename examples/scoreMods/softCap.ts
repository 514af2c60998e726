// Soft-capping (Gemma 2, arXiv:2408.00118): no score beyond ±cap. `tanh` of the score alone is opaque to the derivation and
// harmless: only functions that mix a score with the running maximum would be refused.
// Run it: `node build/ts/examples/scoreMods/softCap.js`.
import { causal, type In, kernel, map, toArray } from 'warpfold/dsl';
import { attend, type Attended, type Keys, type Queries, scores } from '../attend.js';
import { tensor } from '../show.js';

const capped = (s: number, cap: number): number => cap * Math.tanh(s / cap);

/** Causal attention on `cap·tanh(s/cap)`. */
export const softCap = kernel('softCap', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, cap: In<'f32', []>): Attended<E> =>
    attend(map(scores(q, k), cap, (s, cap, at) => (causal(at.q, at.k) ? capped(s, cap) : -Infinity)), v));

// One key scores 100 and the other 0: without the cap all weight goes to the first.
const ones = (i: number): number => Number(i < 64);
const q = tensor(['q', 'g', 'r', 'd'], [2, 1, 1, 64], () => 12.5);
const k = tensor(['k', 'g', 'd'], [2, 1, 64], ones);
for (const cap of [1e6, 50, 5, 0.5]) {
  const o = softCap.reference([q, k, tensor(['k', 'g', 'd'], [2, 1, 64], ones), cap]);
  console.log(`cap ${String(cap).padEnd(7)} weight of the first key ${(toArray(o, ['q', 'g', 'r', 'd'])[64] ?? 0).toFixed(4)}`);
}
