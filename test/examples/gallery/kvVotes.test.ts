import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import './quiet.js';
import { array, type In, toArray } from '../../../dsl/index.js';
import { adaKvVotes } from '../../../examples/kvScores/adaKv.js';
import { cake, cakeLayer } from '../../../examples/kvScores/cake.js';
import { chunkKv } from '../../../examples/kvScores/chunkKv.js';
import { criticalKv } from '../../../examples/kvScores/criticalKv.js';
import { finch } from '../../../examples/kvScores/finch.js';
import { parallelComp, tailLse } from '../../../examples/kvScores/parallelComp.js';
import { pyramidKv } from '../../../examples/kvScores/pyramidKv.js';
import { retrievalHead } from '../../../examples/kvScores/retrievalHead.js';
import { rKv } from '../../../examples/kvScores/rKv.js';
import { scissorhands } from '../../../examples/kvScores/scissorhands.js';
import { simLayerKv } from '../../../examples/kvScores/simLayerKv.js';
import { snapKv } from '../../../examples/kvScores/snapKv.js';
import { tova } from '../../../examples/kvScores/tova.js';
import { verticalSlash } from '../../../examples/kvScores/verticalSlash.js';
import { type Drawn, draw, expectNumbers } from './drawn.js';
import { best, inner, mean, norm, range, shares, total } from './plain.js';

// Rules by the last rows' attention, against the papers' formulas on plain arrays.

const D = 64;
const drawn = fc.record({ g: fc.integer({ min: 1, max: 2 }), r: fc.integer({ min: 1, max: 3 }), k: fc.integer({ min: 9, max: 25 }), seed: fc.nat() });
const runs = { numRuns: 12 };

interface Votes {
  readonly q: Drawn<'w' | 'g' | 'r' | 'd'>;
  readonly k: Drawn<'k' | 'g' | 'd'>;
  /** Shares of one row over the keys. */
  readonly p: (w: number, g: number, r: number) => readonly number[];
  /** What happens to the shares of all rows and heads of a group, key by key, for each KV head. */
  readonly perKey: (of: (shares: readonly number[], key: number, g: number) => number) => readonly number[];
}

/** A window of W rows on K keys: row w stands at position K − W + w and sees the keys up to it. */
function votes(W: number, { g: G, r: R, k: K, seed }: { readonly g: number; readonly r: number; readonly k: number; readonly seed: number }): Votes {
  const [q, k] = [draw(['w', 'g', 'r', 'd'], [W, G, R, D], seed), draw(['k', 'g', 'd'], [K, G, D], seed + 1)];
  const rows = range(W).map((w) => range(G).map((g) => range(R).map((r) => shares(range(K).map((i) => (i <= K - W + w ? inner(q.row(w, g, r), k.row(i, g)) / 8 : -Infinity))))));
  const p = (w: number, g: number, r: number): readonly number[] => rows[w]?.[g]?.[r] ?? [];
  return { q, k, p, perKey: (of) => range(G).flatMap((g) => range(K).map((i) => of(range(W).flatMap((w) => range(R).map((r) => p(w, g, r)[i] ?? Number.NaN)), i, g))) };
}
/** The scores of one KV head. */
const ofHead = (scores: readonly number[], g: number, K: number): readonly number[] => scores.slice(g * K, (g + 1) * K);
const pooled = (xs: readonly number[], width: number, of: (near: readonly number[]) => number): readonly number[] => xs.map((_, i) => of(range(width).map((j) => xs[i + j - (width - 1) / 2] ?? Number.NaN)));
const average = (near: readonly number[]): number => total(near.map((x) => (Number.isNaN(x) ? 0 : x))) / near.length;
const largest = (near: readonly number[]): number => Math.max(...near.map((x) => (Number.isNaN(x) ? -Infinity : x)));

property.prop([drawn], runs)('TOVA is the mean share of the newest row', (of) => {
  const { q, k, perKey } = votes(1, of);
  const byHead = perKey(mean);
  expectNumbers(tova.reference([q.tensor, k.tensor]), ['k'], range(of.k).map((i) => mean(range(of.g).map((g) => byHead[g * of.k + i] ?? 0))));
});

property.prop([drawn], runs)('SnapKV pools the mean share over five keys and keeps the window', (drawn) => {
  const of = { ...drawn, r: 4 };
  const { q, k, perKey } = votes(8, of);
  const expected = range(of.g).flatMap((g) => pooled(ofHead(perKey(mean), g, of.k), 5, average).map((x, i) => (i < of.k - 8 ? x : Infinity)));
  expectNumbers(snapKv.reference([q.tensor, k.tensor]), ['g', 'k'], expected);
});

test('votes without their pool are told from SnapKV', () => {
  const of = { g: 1, r: 4, k: 20, seed: 1 };
  const { q, k, perKey } = votes(8, of);
  expect(() => expectNumbers(snapKv.reference([q.tensor, k.tensor]), ['g', 'k'], perKey(mean).map((x, i) => (i < 12 ? x : Infinity)))).toThrow();
});

property.prop([drawn, fc.integer({ min: 1, max: 30 })], runs)('PyramidKV keeps the best of the pooled votes, as many as the layer may', (of, n) => {
  const { q, k, perKey } = votes(8, of);
  const scores = perKey(total);
  const expected = range(of.g).flatMap((g) => best(pooled(ofHead(scores, g, of.k), 5, average).map((x, i) => (i < of.k - 8 ? x : Infinity)), n));
  expectNumbers(pyramidKv.reference([q.tensor, k.tensor], { sizes: { n } }), ['g', 'n'], expected, 0);
});

property.prop([drawn], runs)('ChunkKV is the mean vote of a chunk of ten', (of) => {
  const { q, k, perKey } = votes(8, of);
  const expected = range(of.g).flatMap((g) => ofHead(perKey(total), g, of.k).map((_, i, all) => mean(all.filter((_, j) => Math.floor(j / 10) === Math.floor(i / 10)))));
  expectNumbers(chunkKv.reference([q.tensor, k.tensor]), ['g', 'k'], expected);
});

property.prop([drawn], runs)('AdaKV votes by what rows pay in all; votes of a head sum to its rows', (of) => {
  const { q, k, perKey } = votes(8, of);
  const result = adaKvVotes.reference([q.tensor, k.tensor]);
  expectNumbers(result, ['g', 'k'], perKey(total));
  expect(total([...toArray(result)])).toBeCloseTo(8 * of.r * of.g, 9);
});

property.prop([drawn], runs)('CriticalKV weighs the mean share of each head by ‖v·W_o‖₁', (of) => {
  const { q, k, p } = votes(8, of);
  const [v, wo] = [draw(['k', 'g', 'd'], [of.k, of.g, D], of.seed + 2), draw(['g', 'r', 'd', 'e'], [of.g, of.r, D, 6], of.seed + 3)];
  const size = (i: number, g: number, r: number): number => total(range(6).map((e) => Math.abs(total(range(D).map((d) => v.at(i, g, d) * wo.at(g, r, d, e))))));
  const expected = range(of.g).flatMap((g) => range(of.k).map((i) => mean(range(of.r).map((r) => (mean(range(8).map((w) => p(w, g, r)[i] ?? 0)) + 1e-4) * size(i, g, r)))));
  expectNumbers(criticalKv.reference([q.tensor, k.tensor, v.tensor, wo.tensor]), ['g', 'k'], expected);
});

property.prop([drawn, fc.integer({ min: 1, max: 8 })], runs)('Finch multiplies each row by the keys it sees', (of, W) => {
  const { q, k, perKey } = votes(W, of);
  const expected = perKey((ps) => mean(ps.map((x, row) => x * (of.k - W + Math.floor(row / of.r) + 1))));
  expectNumbers(finch.reference([q.tensor, k.tensor]), ['g', 'k'], expected);
});

property.prop([drawn, fc.double({ min: 0, max: 10, noNaN: true })], runs)('CAKE is mean plus γ variance over rows; a layer has the entropy of its rows', (of, gamma) => {
  const { q, k, p } = votes(8, of);
  const rows = (g: number, r: number, i: number): readonly number[] => range(8).map((w) => p(w, g, r)[i] ?? 0);
  const variance = (xs: readonly number[]): number => mean(xs.map((x) => (x - mean(xs)) ** 2));
  expectNumbers(cake.reference([q.tensor, k.tensor, gamma]), ['g', 'k'], range(of.g).flatMap((g) => range(of.k).map((i) => total(range(of.r).map((r) => mean(rows(g, r, i)) + gamma * variance(rows(g, r, i)))))));
  const { spread, shift } = cakeLayer.reference([q.tensor, k.tensor]);
  const entropy = (ps: readonly number[]): number => -total(ps.map((x) => (x > 0 ? x * Math.log(x) : 0)));
  expectNumbers(spread, ['g'], range(of.g).map((g) => total(range(8).flatMap((w) => range(of.r).map((r) => entropy(p(w, g, r)))))));
  expectNumbers(shift, ['g'], range(of.g).map((g) => total(range(of.r).flatMap((r) => range(of.k).map((i) => variance(rows(g, r, i)))))));
});

property.prop([drawn, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })], runs)('SimLayerKV is the mean share of both ends', (of, sinks, recent) => {
  const { q, k, p } = votes(3, of);
  const ends = (ps: readonly number[]): number => total(ps.filter((_, i) => i < sinks || i >= of.k - recent));
  expectNumbers(simLayerKv.reference([q.tensor, k.tensor, sinks, recent]), ['g'], range(of.g).map((g) => mean(range(3).flatMap((w) => range(of.r).map((r) => ends(p(w, g, r)))))));
});

property.prop([drawn, fc.integer({ min: 1, max: 12 })], runs)('ParallelComp sums shares from log-sum-exps that are known, and pools over seven', (of, n) => {
  const { q, k, perKey } = votes(8, of);
  const { score, kept } = parallelComp.reference([q.tensor, k.tensor, tailLse.reference([q.tensor, k.tensor])], { sizes: { n } });
  expectNumbers(score, ['g', 'k'], perKey(total));
  // What is pooled has ties by design; they go to the lower key on both sides because the scores are the same numbers.
  expectNumbers(kept, ['g', 'n'], range(of.g).flatMap((g) => best(pooled(ofHead([...toArray(score, ['g', 'k'])], g, of.k), 7, largest), n)), 0);
});

property.prop([drawn, fc.double({ min: 0.1, max: 0.9, noNaN: true })], runs)('Scissorhands counts the rows that pass a key over', (of, alpha) => {
  const { q, k, perKey } = votes(8, of);
  const expected = perKey((ps) => -ps.filter((x, row) => x < alpha / (of.k - 8 + Math.floor(row / of.r) + 1)).length);
  // −0 and 0 are the same count.
  expectNumbers(scissorhands.reference([q.tensor, k.tensor, alpha]), ['g', 'k'], expected);
});

property.prop([drawn, fc.double({ min: 0, max: 1, noNaN: true })], runs)('R-KV sets importance against mean likeness to the other keys', (of, lambda) => {
  const { q, k, perKey } = votes(8, of);
  const expected = range(of.g).flatMap((g) => {
    const keys = range(of.k).map((i) => k.row(i, g));
    const redundancy = shares(keys.map((a, i) => total(keys.map((b, j) => (i === j ? 0 : inner(a, b) / (norm(a) * norm(b))))) / of.k));
    return pooled(ofHead(perKey(mean), g, of.k), 7, largest).map((importance, i) => lambda * importance - (1 - lambda) * (redundancy[i] ?? 0));
  });
  // The author's norm has 1e-8 added, beside norms of about 9.
  expectNumbers(rKv.reference([q.tensor, k.tensor, lambda]), ['g', 'k'], expected, 1e-8);
});

property.prop([drawn], runs)('a retrieval head is one whose strongest key holds what is said', (of) => {
  const { q, k, p } = votes(8, of);
  const whole = <const A extends readonly string[]>(axes: A, n: number, seed: number): { readonly tensor: In<'i32', A>; readonly row: readonly number[] } => {
    const x = draw(axes, [n], seed, { min: 0, max: 2, dtype: 'i32' });
    return { tensor: array(x.row(), { axes, shape: [n], dtype: 'i32' }), row: x.row() };
  };
  const [said, tokens] = [whole(['w'], 8, of.seed), whole(['k'], of.k, of.seed + 5)];
  const copies = (g: number, r: number): number => mean(range(8).map((w) => Number(tokens.row[best(p(w, g, r), 1)[0] ?? 0] === said.row[w])));
  expectNumbers(retrievalHead.reference([q.tensor, k.tensor, said.tensor, tokens.tensor]), ['g', 'r'], range(of.g).flatMap((g) => range(of.r).map((r) => copies(g, r))));
});

property.prop([drawn, fc.integer({ min: 1, max: 30 })], runs)('vertical lines sum columns of the shares, slashes their diagonals', (of, offsets) => {
  const { q, k, p } = votes(8, of);
  const { vertical, slash } = verticalSlash.reference([q.tensor, k.tensor], { sizes: { o: offsets } });
  const all = <T>(f: (g: number, r: number) => readonly T[]): readonly T[] => range(of.g).flatMap((g) => range(of.r).flatMap((r) => f(g, r)));
  expectNumbers(vertical, ['g', 'r', 'k'], all((g, r) => range(of.k).map((i) => total(range(8).map((w) => p(w, g, r)[i] ?? 0)))));
  expectNumbers(slash, ['g', 'r', 'o'], all((g, r) => range(offsets).map((o) => total(range(8).map((w) => p(w, g, r)[of.k - 8 + w - o] ?? 0)))));
});
