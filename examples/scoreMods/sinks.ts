// Attention sinks as one more logit per head, without a key or a value: it takes its share of each row, so that a head can
// attend to nothing (gpt-oss, arXiv:2508.10925). It joins the sum after the walk, restated at the row's final maximum, so
// it is written out with `max` and `sum`; the derivation is that of softmax all the same.
// Run it: `node build/ts/examples/scoreMods/sinks.js`.
import { cast, causal, dot, FLOOR, type In, kernel, map, max, sum, toArray } from 'warpfold/dsl';
import { type Attended, type Keys, type Queries, scores } from '../attend.js';
import { tensor } from '../show.js';

/** Causal attention with `exp(sink)` beside the row's sum; `sink` [g, r]. */
export const sinks = kernel('sinks', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, sink: In<'f32', ['g', 'r']>): Attended<E> => {
    const s = map(scores(q, k), (s, at) => (causal(at.q, at.k) ? s : -Infinity));
    const m = map(max(s, 'k'), (m) => Math.max(m, FLOOR));
    const e = map(s, m, (s, m) => Math.exp(s - m));
    const l = map(sum(e, 'k'), m, sink, (l, m, sink) => l + Math.exp(sink - m));
    return cast(v.dtype, map(dot(cast(v.dtype, e), v, 'k'), l, (o, l) => o / l));
  });

// All scores are 0 and all values 1, so what is missing to 1 went to the sink: row q has q + 1 keys against exp(sink).
const [zeros, ones] = [(): number => 0, (): number => 1];
for (const sink of [-Infinity, 0, 2]) {
  const o = toArray(sinks.reference([tensor(['q', 'g', 'r', 'd'], [4, 1, 1, 64], zeros), tensor(['k', 'g', 'd'], [4, 1, 64], zeros), tensor(['k', 'g', 'd'], [4, 1, 64], ones), tensor(['g', 'r'], [1, 1], () => sink)]));
  console.log(`sink ${String(sink).padEnd(9)} rows sum to ${[0, 1, 2, 3].map((q) => (o[q * 64] ?? 0).toFixed(4)).join(' ')}`);
}
