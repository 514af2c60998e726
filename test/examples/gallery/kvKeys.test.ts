import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import './quiet.js';
import { array, denseOf, toArray } from '../../../dsl/index.js';
import { adaKv } from '../../../examples/kvScores/adaKv.js';
import { cur } from '../../../examples/kvScores/cur.js';
import { keyDiff } from '../../../examples/kvScores/keyDiff.js';
import { knorm } from '../../../examples/kvScores/knorm.js';
import { lagKv } from '../../../examples/kvScores/lagKv.js';
import { inverted, leverage, sketchGram } from '../../../examples/kvScores/leverage.js';
import { pyramidBudget } from '../../../examples/kvScores/pyramidKv.js';
import { qFilter } from '../../../examples/kvScores/qFilter.js';
import { quest } from '../../../examples/kvScores/quest.js';
import { random } from '../../../examples/kvScores/random.js';
import { streamingLlm } from '../../../examples/kvScores/streamingLlm.js';
import { think } from '../../../examples/kvScores/think.js';
import { draw, expectNumbers } from './drawn.js';
import { best, inner, mean, norm, range, shares, total } from './plain.js';

// Rules that look at no query, or choose by scores alone, against the papers' formulas on plain arrays.

const sizes = { g: fc.integer({ min: 1, max: 3 }), k: fc.integer({ min: 1, max: 20 }), seed: fc.nat() };
const D = 64;
const runs = { numRuns: 12 };
const unit = (x: readonly number[]): readonly number[] => x.map((v) => v / norm(x));

property.prop([fc.record(sizes)], runs)('Knorm is minus the norm', ({ g: G, k: K, seed }) => {
  const k = draw(['k', 'g', 'd'], [K, G, D], seed);
  expectNumbers(knorm.reference([k.tensor]), ['g', 'k'], range(G).flatMap((g) => range(K).map((i) => -norm(k.row(i, g)))));
});

property.prop([fc.record(sizes)], runs)('KeyDiff is minus the cosine with the mean direction', ({ g: G, k: K, seed }) => {
  const k = draw(['k', 'g', 'd'], [K, G, D], seed);
  const of = (g: number): readonly number[] => {
    const units = range(K).map((i) => unit(k.row(i, g)));
    const anchor = unit(range(D).map((d) => mean(units.map((u) => u[d] ?? 0))));
    return units.map((u) => -inner(u, anchor));
  };
  expectNumbers(keyDiff.reference([k.tensor]), ['g', 'k'], range(G).flatMap(of));
});

property.prop([fc.record(sizes)], runs)('CUR is the share of a key in Σ ‖k‖²‖v‖²', ({ g: G, k: K, seed }) => {
  const [k, v] = [draw(['k', 'g', 'd'], [K, G, D], seed), draw(['k', 'g', 'd'], [K, G, D], seed + 1)];
  const products = range(G).map((g) => range(K).map((i) => norm(k.row(i, g)) ** 2 * norm(v.row(i, g)) ** 2));
  const result = cur.reference([k.tensor, v.tensor]);
  expectNumbers(result, ['g', 'k'], products.flatMap((of) => of.map((x) => x / total(of))));
  expect(total([...toArray(result)])).toBeCloseTo(G, 9);
});

property.prop([fc.record(sizes)], runs)('Q-Filters are minus the component along the filter', ({ g: G, k: K, seed }) => {
  const [k, filter] = [draw(['k', 'g', 'd'], [K, G, D], seed), draw(['g', 'd'], [G, D], seed + 1)];
  expectNumbers(qFilter.reference([k.tensor, filter.tensor]), ['g', 'k'], range(G).flatMap((g) => range(K).map((i) => -inner(k.row(i, g), filter.row(g)))));
});

property.prop([fc.record({ g: sizes.g, p: fc.integer({ min: 1, max: 4 }), seed: sizes.seed })], runs)('LagKV is the share of a key by its spread in the range of the next part', ({ g: G, p: P, seed }) => {
  const [k, v] = [draw(['p', 'j', 'g', 'd'], [P, 16, G, D], seed), draw(['p', 'j', 'g', 'd'], [P, 16, G, D], seed + 1)];
  const spread = (x: typeof k, g: number, p: number): readonly number[] => {
    const next = range(D).map((d) => range(16).map((i) => x.at(p + 1, i, g, d)));
    const [low, high] = [next.map((c) => Math.min(...c)), next.map((c) => Math.max(...c))];
    return shares(range(16).map((j) => {
      const scaled = x.row(p, j, g).map((value, d) => (value - (low[d] ?? 0)) / ((high[d] ?? 0) - (low[d] ?? 0)));
      return Math.sqrt(total(scaled.map((s) => (s - mean(scaled)) ** 2)) / (D - 1));
    }));
  };
  const both = (g: number, p: number): readonly number[] => {
    const [ofKeys, ofValues] = [spread(k, g, p), spread(v, g, p)];
    return ofKeys.map((share, j) => (share + (ofValues[j] ?? 0)) / 2);
  };
  const of = (g: number, p: number): readonly number[] => (p === P - 1 ? range(16).map(() => Infinity) : both(g, p));
  expectNumbers(lagKv.reference([k.tensor, v.tensor]), ['g', 'p', 'j'], range(G).flatMap((g) => range(P).flatMap((p) => of(g, p))));
});

property.prop([fc.record({ g: sizes.g, k: fc.integer({ min: 20, max: 40 }), seed: sizes.seed })], runs)('leverage of all keys sums to the rank of the sketch, and none is above 1', ({ g: G, k: K, seed }) => {
  const [k, phi] = [draw(['k', 'g', 'd'], [K, G, D], seed), draw(['d', 'c'], [D, 16], seed + 1)];
  const gram = toArray(sketchGram.reference([k.tensor, phi.tensor]), ['g', 'c', 'e']);
  const inverse = array(range(G).flatMap((g) => [...inverted(gram.subarray(g * 256, (g + 1) * 256))]), { axes: ['g', 'c', 'e'], shape: [G, 16, 16] });
  const scores = toArray(leverage.reference([k.tensor, phi.tensor, inverse]), ['g', 'k']);
  // A nearly singular sketch of 20 keys loses digits in its inverse: six remain.
  for (const g of range(G)) expect(total([...scores.subarray(g * K, (g + 1) * K)])).toBeCloseTo(16, 6);
  expect(Math.max(...scores)).toBeLessThan(1 + 1e-6);
});

property.prop([fc.record({ w: fc.integer({ min: 1, max: 6 }), g: sizes.g, k: sizes.k, n: fc.integer({ min: 1, max: D }), seed: sizes.seed })], runs)('ThinK is the Frobenius norm of a channel of the scores', ({ w: W, g: G, k: K, n, seed }) => {
  const R = 2;
  const [q, k] = [draw(['w', 'g', 'r', 'd'], [W, G, R, D], seed), draw(['k', 'g', 'd'], [K, G, D], seed + 1)];
  const outer = (g: number, d: number): number => norm(range(W).flatMap((w) => range(R).flatMap((r) => range(K).map((i) => q.at(w, g, r, d) * k.at(i, g, d)))));
  const { score, channels, pruned } = think.reference([q.tensor, k.tensor], { sizes: { n } });
  expectNumbers(score, ['g', 'd'], range(G).flatMap((g) => range(D).map((d) => outer(g, d))));
  const chosen = range(G).map((g) => best(range(D).map((d) => outer(g, d)), n));
  expectNumbers(channels, ['g', 'n'], chosen.flat(), 0);
  expectNumbers(pruned, ['k', 'g', 'n'], range(K).flatMap((i) => chosen.flatMap((c, g) => c.map((d) => k.at(i, g, d)))));
});

property.prop([fc.record({ g: sizes.g, p: fc.integer({ min: 1, max: 5 }), n: fc.integer({ min: 1, max: 5 }), seed: sizes.seed })], runs)('a page of Quest is bounded by no less than its best key', ({ g: G, p: P, n, seed }) => {
  const R = 2;
  const [q, k] = [draw(['g', 'r', 'd'], [G, R, D], seed), draw(['p', 'j', 'g', 'd'], [P, 16, G, D], seed + 1)];
  const bounds = range(G).map((g) => range(P).map((p) => {
    const columns = range(D).map((d) => range(16).map((j) => k.at(p, j, g, d)));
    return Math.max(...range(R).map((r) => total(columns.map((c, d) => Math.max(...c.map((x) => q.at(g, r, d) * x))))));
  }));
  const { score, kept } = quest.reference([q.tensor, k.tensor], { sizes: { n } });
  expectNumbers(score, ['g', 'p'], bounds.flat());
  expectNumbers(kept, ['g', 'n'], bounds.flatMap((of) => best(of, n)), 0);
  for (const g of range(G)) for (const p of range(P)) for (const j of range(16)) for (const r of range(R)) expect(inner(q.row(g, r), k.row(p, j, g))).toBeLessThanOrEqual((bounds[g]?.[p] ?? 0) + 1e-9);
});

property.prop([fc.record({ k: fc.integer({ min: 1, max: 60 }), n: fc.integer({ min: 4, max: 30 }) })], runs)('StreamingLLM keeps the first four and the latest', ({ k, n }) => {
  const expected = k <= n ? [...range(k), ...range(n - k).map(() => -1)] : range(k).filter((i) => i < 4 || i >= k - (n - 4));
  expectNumbers(streamingLlm.reference([], { sizes: { k, n } }), ['n'], expected, 0);
});

property.prop([fc.record({ g: fc.constant(2), k: fc.integer({ min: 1, max: 20 }), m: fc.integer({ min: 0, max: 6 }), n: fc.integer({ min: 1, max: 50 }), seed: sizes.seed })], runs)('AdaKV takes every head\'s best before the best of all', ({ g: G, k: K, m, n, seed }) => {
  const votes = draw(['k', 'g'], [K, G], seed, { min: 0, max: 1 });
  const safe = range(G).map((g) => best(range(K).map((i) => votes.at(i, g)), m));
  const guarded = range(K).flatMap((i) => range(G).map((g) => (safe[g]?.includes(i) ? Infinity : votes.at(i, g))));
  expectNumbers(adaKv.reference([votes.tensor], { sizes: { m, n } }), ['n'], best(guarded, n), 0);
});

property.prop([fc.record({ layers: fc.integer({ min: 2, max: 40 }), mean: fc.integer({ min: 20, max: 4000 }) })], runs)('a pyramid of budgets falls from layer to layer and has the mean asked for', ({ layers, mean: wanted }) => {
  const budgets = range(layers).map((l) => pyramidBudget(l, layers, wanted));
  expect(budgets.every((b, l) => l === 0 || b <= (budgets[l - 1] ?? 0))).toBe(true);
  // Each is rounded to a whole number of keys.
  expect(Math.abs(mean(budgets) - wanted)).toBeLessThanOrEqual(0.5);
});

test('a random score is uniform, repeatable, and another one for another seed, head and key', () => {
  const of = (seed: number): Float64Array => toArray(random.reference([seed], { sizes: { g: 4, k: 4096 } }), ['g', 'k']);
  const [first, second] = [of(0), of(1)];
  expect(of(0)).toEqual(first);
  expect(denseOf(random.reference([0], { sizes: { g: 4, k: 4096 } })).shape).toEqual([4, 4096]);
  for (const xs of [first, second]) {
    // A mean of n uniform numbers lies within 5/√(12n) of ½ in all but one of a million draws; so does each decile's share by its own deviation.
    expect(Math.abs(mean([...xs]) - 0.5)).toBeLessThan(5 / Math.sqrt(12 * xs.length));
    for (const tenth of range(10)) expect(Math.abs([...xs].filter((x) => Math.floor(x * 10) === tenth).length / xs.length - 0.1)).toBeLessThan(5 * Math.sqrt(0.09 / xs.length));
  }
  expect([...first].filter((x, i) => x === second[i]).length).toBeLessThan(first.length / 1000);
});
