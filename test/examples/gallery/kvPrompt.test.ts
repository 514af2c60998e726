import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import './quiet.js';
import { toArray } from '../../../dsl/index.js';
import { expectedAttention, queryStatistics } from '../../../examples/kvScores/expectedAttention.js';
import { h2o } from '../../../examples/kvScores/h2o.js';
import { keyformer } from '../../../examples/kvScores/keyformer.js';
import { kvZip } from '../../../examples/kvScores/kvZip.js';
import { nonCausal } from '../../../examples/kvScores/nonCausal.js';
import { sparQ } from '../../../examples/kvScores/sparQ.js';
import { vatp } from '../../../examples/kvScores/vatp.js';
import { xAttention } from '../../../examples/kvScores/xAttention.js';
import { draw, expectNumbers } from './drawn.js';
import { best, inner, mean, norm, range, shares, total } from './plain.js';

// Rules by the attention of all rows, and those that guess it, against the papers' formulas on plain arrays.

const D = 64;
const R = 2;
const sizes = fc.record({ g: fc.integer({ min: 1, max: 2 }), n: fc.integer({ min: 1, max: 16 }), seed: fc.nat() });
const runs = { numRuns: 12 };

interface Prompt { readonly g: number; readonly n: number; readonly seed: number }
const drawn = ({ g: G, n, seed }: Prompt) => ({ q: draw(['q', 'g', 'r', 'd'], [n, G, R, D], seed), k: draw(['k', 'g', 'd'], [n, G, D], seed + 1), v: draw(['k', 'g', 'd'], [n, G, D], seed + 2) });

/** What `of` makes of the shares that all rows and heads of a group give to a key, for each KV head and key. */
function perKey({ g: G, n, seed }: Prompt, score: (s: number, row: number, key: number, g: number) => number, of: (given: readonly number[], key: number, g: number) => number): readonly number[] {
  const { q, k } = drawn({ g: G, n, seed });
  return range(G).flatMap((g) => {
    const rows = range(n).flatMap((row) => range(R).map((r) => shares(range(n).map((i) => score(inner(q.row(row, g, r), k.row(i, g)) / 8, row, i, g)))));
    return range(n).map((i) => of(rows.map((p) => p[i] ?? Number.NaN), i, g));
  });
}
const causally = (s: number, row: number, key: number): number => (key <= row ? s : -Infinity);

property.prop([sizes], runs)('H2O sums the shares of all rows; observed attention is their mean over the rows that see a key', (of) => {
  const { q, k } = drawn(of);
  const { accumulated, observed } = h2o.reference([q.tensor, k.tensor]);
  expectNumbers(accumulated, ['g', 'k'], perKey(of, causally, total));
  expectNumbers(observed, ['g', 'k'], perKey(of, causally, (given, key) => total(given) / (R * (of.n - key))));
  expect(total([...toArray(accumulated)])).toBeCloseTo(of.g * R * of.n, 9);
});

property.prop([sizes], runs)('VATP is the received attention times ‖v‖₁', (of) => {
  const { q, k, v } = drawn(of);
  expectNumbers(vatp.reference([q.tensor, k.tensor, v.tensor]), ['g', 'k'], perKey(of, causally, (given, key, g) => total(given) * total(v.row(key, g).map(Math.abs))));
});

property.prop([sizes, fc.double({ min: 0.5, max: 2, noNaN: true })], runs)('Keyformer adds noise by key and divides by τ before the softmax', (of, tau) => {
  const [{ q, k }, zeta] = [drawn(of), draw(['g', 'k'], [of.g, of.n], of.seed + 3)];
  expectNumbers(keyformer.reference([q.tensor, k.tensor, zeta.tensor, tau]), ['g', 'k'], perKey(of, (s, row, key, g) => causally((s + zeta.at(g, key)) / tau, row, key), total));
});

property.prop([sizes], runs)('without the mask all rows give to all keys, and KVzip takes the largest share', (of) => {
  const { q, k } = drawn(of);
  expectNumbers(nonCausal.reference([q.tensor, k.tensor]), ['g', 'k'], perKey(of, (s) => s, total));
  expectNumbers(kvZip.reference([q.tensor, k.tensor]), ['g', 'k'], perKey(of, (s) => s, (given) => Math.max(...given)));
});

property.prop([sizes], runs)('Expected Attention is the softmax of μ·k/√d + kᵀΣk/2d, weighed by ‖v‖', ({ g: G, n, seed }) => {
  const { q, k, v } = drawn({ g: G, n, seed });
  const { mu, sigma } = queryStatistics.reference([q.tensor]);
  const means = range(G).map((g) => range(R).map((r) => range(D).map((d) => mean(range(n).map((row) => q.at(row, g, r, d))))));
  expectNumbers(mu, ['g', 'r', 'd'], means.flat(2));
  // kᵀΣk is the variance of q·k over the queries: no matrix is needed to say so.
  const expected = range(G).flatMap((g) => {
    const heads = range(R).map((r) => shares(range(n).map((i) => {
      const along = range(n).map((row) => inner(q.row(row, g, r), k.row(i, g)));
      return mean(along) / 8 + mean(along.map((x) => (x - mean(along)) ** 2)) / (2 * D);
    })));
    return range(n).map((i) => (mean(heads.map((p) => p[i] ?? 0)) + 0.02) * norm(v.row(i, g)));
  });
  expectNumbers(expectedAttention.reference([k.tensor, v.tensor, mu, sigma]), ['g', 'k'], expected);
});

property.prop([sizes], runs)('SparQ is the softmax over the channels where the group\'s queries are largest', ({ g: G, n, seed }) => {
  const [q, k] = [draw(['g', 'r', 'd'], [G, R, D], seed), draw(['k', 'g', 'd'], [n, G, D], seed + 1)];
  const expected = range(G).flatMap((g) => {
    const channels = best(range(D).map((d) => total(range(R).map((r) => Math.abs(q.at(g, r, d))))), 16);
    const some = (row: readonly number[]): readonly number[] => channels.map((c) => row[c] ?? Number.NaN);
    const heads = range(R).map((r) => {
      const share = total(some(q.row(g, r)).map(Math.abs)) / total(q.row(g, r).map(Math.abs));
      return shares(range(n).map((i) => inner(some(q.row(g, r)), some(k.row(i, g))) / Math.sqrt(D * share)));
    });
    return range(n).map((i) => total(heads.map((p) => p[i] ?? 0)));
  });
  expectNumbers(sparQ.reference([q.tensor, k.tensor]), ['g', 'k'], expected);
});

property.prop([fc.record({ i: fc.integer({ min: 1, max: 3 }), j: fc.integer({ min: 1, max: 3 }), seed: fc.nat() })], runs)('XAttention sums the antidiagonal of each block of scores', ({ i: I, j: J, seed }) => {
  const [q, k] = [draw(['i', 's', 'g', 'r', 'd'], [I, 8, 1, R, D], seed), draw(['j', 's', 'g', 'd'], [J, 8, 1, D], seed + 1)];
  const block = (r: number, i: number, j: number): number => total(range(8).map((s) => inner(q.row(i, s, 0, r), k.row(j, 7 - s, 0)))) / (8 * Math.sqrt(D));
  expectNumbers(xAttention.reference([q.tensor, k.tensor]), ['g', 'r', 'i', 'j'], range(R).flatMap((r) => range(I).flatMap((i) => shares(range(J).map((j) => block(r, i, j))))));
});
