import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import './quiet.js';
import { array, type In, toArray } from '../../../dsl/index.js';
import { crossEntropy } from '../../../examples/basics/crossEntropy.js';
import { expertRouting } from '../../../examples/basics/expertRouting.js';
import { rowLayerNorm } from '../../../examples/basics/layerNorm.js';
import { perTokenScale, quantised, quantisedLinear } from '../../../examples/basics/perTokenScale.js';
import { rmsNormLinear } from '../../../examples/basics/rmsNormLinear.js';
import { vectorAdd } from '../../../examples/basics/vectorAdd.js';
import { differential } from '../../../examples/variants/differential.js';
import { divergence } from '../../../examples/variants/divergence.js';
import { attentionEntropy } from '../../../examples/variants/entropy.js';
import { linearCausal, linearState } from '../../../examples/variants/linear.js';
import { rectified } from '../../../examples/variants/rectified.js';
import { sigmoid } from '../../../examples/variants/sigmoid.js';
import { length } from '../../kit/shapes.js';
import { bothDtypes, describeAgreement, heads, long, medium } from './agreement.js';
import { type Batch, openBatch } from './batch.js';
import { draw, expectNumbers } from './drawn.js';
import { best, inner, mean, range, shares, total } from './plain.js';

// The basics and the variants of attention against their formulas on plain arrays.

const runs = { numRuns: 15 };
const size = fc.integer({ min: 1, max: 12 });
const rows = fc.record({ q: size, e: size, f: size, seed: fc.nat() });
const D = 64;

const ids = (of: number, below: number, seed: number): { readonly tensor: In<'i32', ['q']>; readonly at: (q: number) => number } => {
  const x = draw(['q'], [of], seed, { min: 0, max: below - 1, dtype: 'i32' });
  return { tensor: array(x.row(), { axes: ['q'], shape: [of], dtype: 'i32' }), at: x.at };
};

property.prop([fc.array(fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }))), fc.double({ min: -9, max: 9, noNaN: true })], runs)('vectorAdd is a·x + y', (pairs, a) => {
  const of = (xs: readonly number[]): In<'f32', ['k']> => array(xs, { axes: ['k'], shape: [xs.length] });
  expectNumbers(vectorAdd.reference([a, of(pairs.map(([x]) => x)), of(pairs.map(([, y]) => y))]), ['k'], pairs.map(([x, y]) => a * x + y));
});

property.prop([rows], runs)('a layer norm has the mean and variance that gain and bias give it', ({ q, e, seed }) => {
  const [x, gain, bias] = [draw(['q', 'e'], [q, e], seed), draw(['e'], [e], seed + 1), draw(['e'], [e], seed + 2)];
  const of = (row: readonly number[]): readonly number[] => {
    const variance = mean(row.map((v) => v * v)) - mean(row) ** 2;
    return row.map((v, i) => ((v - mean(row)) / Math.sqrt(Math.max(0, variance) + 1e-5)) * gain.at(i) + bias.at(i));
  };
  // A single element has variance 0, found here as a difference of squares: 1e-16 beside ε = 1e-5 is 1e-11 of the result.
  expectNumbers(rowLayerNorm.reference({ x: x.tensor, gain: gain.tensor, bias: bias.tensor }), ['q', 'e'], range(q).flatMap((i) => of(x.row(i))));
});

property.prop([rows], runs)('a norm before a product is the product of normed rows', ({ q, e, f, seed }) => {
  const [x, gain, w] = [draw(['q', 'e'], [q, e], seed), draw(['e'], [e], seed + 1), draw(['f', 'e'], [f, e], seed + 2)];
  const normed = (row: readonly number[]): readonly number[] => row.map((v, i) => (v / Math.sqrt(mean(row.map((u) => u * u)) + 1e-6)) * gain.at(i));
  expectNumbers(rmsNormLinear.reference({ x: x.tensor, gain: gain.tensor, w: w.tensor }), ['q', 'f'], range(q).flatMap((i) => range(f).map((j) => inner(normed(x.row(i)), w.row(j)))));
});

property.prop([rows], runs)('cross entropy is −ln of the target\'s share', ({ q, e, f: T, seed }) => {
  const [h, w, target] = [draw(['q', 'e'], [q, e], seed), draw(['t', 'e'], [T, e], seed + 1), ids(q, T, seed + 2)];
  const nll = (i: number): number => -Math.log(shares(range(T).map((t) => inner(h.row(i), w.row(t))))[target.at(i)] ?? Number.NaN);
  expectNumbers(crossEntropy.reference({ h: h.tensor, w: w.tensor, target: target.tensor }), ['q'], range(q).map(nll));
});

property.prop([rows], runs)('a router takes the two largest logits and their softmax', ({ q, e, seed }) => {
  const [h, w] = [draw(['q', 'e'], [q, e], seed), draw(['x', 'e'], [64, e], seed + 1)];
  const logits = range(q).map((i) => range(64).map((x) => inner(h.row(i), w.row(x))));
  const { experts, weights } = expertRouting.reference({ h: h.tensor, w: w.tensor });
  expectNumbers(experts, ['q', 'n'], logits.flatMap((z) => best(z, 2)), 0);
  expectNumbers(weights, ['q', 'n'], logits.flatMap((z) => shares(best(z, 2).map((x) => z[x] ?? Number.NaN))));
});

property.prop([rows], runs)('quantised rows are within half a step of what they were, and so are their products', ({ q, e, f, seed }) => {
  const [x, w] = [draw(['q', 'e'], [q, e], seed), draw(['q', 'e'], [f, e], seed + 1)];
  const eight = (t: typeof x) => { const scale = perTokenScale.reference([t.tensor]); return { scale, x: quantised.reference([t.tensor, scale]) }; };
  const [a, b] = [eight(x), eight(w)];
  const [step, whole] = [toArray(a.scale), toArray(a.x, ['q', 'e'])];
  for (const i of range(q)) for (const j of range(e)) expect(Math.abs((whole[i * e + j] ?? 0) * (step[i] ?? 0) - x.at(i, j))).toBeLessThanOrEqual((step[i] ?? 0) / 2 + 1e-12);
  const y = quantisedLinear.reference([a.x, a.scale, array(toArray(b.x, ['q', 'e']), { axes: ['f', 'e'], shape: [f, e], dtype: 'i32' }), array(toArray(b.scale), { axes: ['f'], shape: [f] })]);
  // Each of e terms is off by half a step of either side times the other, at most 2 and half a step more.
  const off = (s: number, t: number): number => e * ((s / 2) * 2 + (t / 2) * 2 + (s * t) / 4) + 1e-9;
  expectNumbers(y, ['q', 'f'], range(q).flatMap((i) => range(f).map((j) => inner(x.row(i), w.row(j)))), range(q).flatMap((i) => range(f).map((j) => off(step[i] ?? 0, toArray(b.scale)[j] ?? 0))));
});

const attention = fc.record({ q: size, k: size, seed: fc.nat() });
const drawn = ({ q, k, seed }: { readonly q: number; readonly k: number; readonly seed: number }) =>
  ({ q: draw(['q', 'h', 'd'], [q, 1, D], seed), q2: draw(['q', 'h', 'd'], [q, 1, D], seed + 1), k: draw(['k', 'h', 'd'], [k, 1, D], seed + 2), k2: draw(['k', 'h', 'd'], [k, 1, D], seed + 3), v: draw(['k', 'h', 'd'], [k, 1, D], seed + 4) });
const mixed = (weights: readonly number[], v: (k: number, d: number) => number): readonly number[] => range(D).map((d) => total(weights.map((p, k) => p * v(k, d))));

property.prop([attention, fc.double({ min: 0, max: 1, noNaN: true })], runs)('differential attention weighs by the difference of two softmaxes', (of, lambda) => {
  const x = drawn(of);
  const row = (i: number, q: typeof x.q, k: typeof x.k): readonly number[] => shares(range(of.k).map((j) => (j <= i ? inner(q.row(i, 0), k.row(j, 0)) / 8 : -Infinity)));
  const weights = range(of.q).map((i) => { const second = row(i, x.q2, x.k2); return row(i, x.q, x.k).map((p, j) => p - lambda * (second[j] ?? 0)); });
  expectNumbers(differential.reference([x.q.tensor, x.q2.tensor, x.k.tensor, x.k2.tensor, x.v.tensor, lambda]), ['q', 'h', 'd'], weights.flatMap((p) => mixed(p, (k, d) => x.v.at(k, 0, d))));
});

property.prop([attention], runs)('linear attention is the same as a state and as scores, and causal where it says so', (of) => {
  const x = drawn(of);
  const v = array(toArray(x.v.tensor), { axes: ['k', 'h', 'c'], shape: [of.k, 1, D] });
  const phi = (row: readonly number[]): readonly number[] => row.map((u) => 1 + (u > 0 ? u : Math.expm1(u)));
  const rowsOf = (sees: (i: number, j: number) => boolean): readonly number[] => range(of.q).flatMap((i) => {
    const s = range(of.k).map((j) => (sees(i, j) ? inner(phi(x.q.row(i, 0)), phi(x.k.row(j, 0))) : 0));
    return mixed(s.map((w) => w / total(s)), (k, d) => x.v.at(k, 0, d));
  });
  expectNumbers(linearState.reference([x.q.tensor, x.k.tensor, v]), ['q', 'h', 'c'], rowsOf(() => true));
  expectNumbers(linearCausal.reference([x.q.tensor, x.k.tensor, v]), ['q', 'h', 'c'], rowsOf((i, j) => j <= i));
});

property.prop([attention], runs)('entropy, sigmoid and rectified attention', (of) => {
  const [q, k, v, bias] = [draw(['q', 'g', 'r', 'd'], [of.q, 1, 1, D], of.seed), draw(['k', 'g', 'd'], [of.k, 1, D], of.seed + 1), draw(['k', 'g', 'd'], [of.k, 1, D], of.seed + 2), draw(['g', 'r'], [1, 1], of.seed + 3)];
  const s = range(of.q).map((i) => range(of.k).map((j) => inner(q.row(i, 0, 0), k.row(j, 0)) / 8));
  const output = (weights: readonly (readonly number[])[]): readonly number[] => weights.flatMap((w) => mixed(w, (j, d) => v.at(j, 0, d)));
  const order = ['q', 'g', 'r', 'd'];
  const { o, entropy } = attentionEntropy.reference([q.tensor, k.tensor, v.tensor]);
  expectNumbers(o, order, output(s.map(shares)));
  expectNumbers(entropy, ['q', 'g', 'r'], s.map((row) => -total(shares(row).map((p) => p * Math.log(p)))));
  const gate = (x: number, i: number, j: number): number => (j <= i ? 1 / (1 + of.k * Math.exp(-x - bias.at(0, 0))) : 0);
  expectNumbers(sigmoid.reference([q.tensor, k.tensor, v.tensor, bias.tensor]), order, output(s.map((row, i) => row.map((x, j) => gate(x, i, j)))));
  const { byCount, bySum } = rectified.reference([q.tensor, k.tensor, v.tensor]);
  const positive = s.map((row) => row.map((x) => (x > 0 ? x : 0)));
  expectNumbers(byCount, order, output(positive.map((row) => row.map((x) => x / of.k))));
  expectNumbers(bySum, order, output(positive.map((row) => row.map((x) => (x === 0 ? 0 : x / total(row))))));
});

property.prop([rows], runs)('a divergence is Σ p·ln(p/p̂), never negative, and 0 from itself', ({ q, e, f: T, seed }) => {
  const [h, w, s, u] = [draw(['q', 'e'], [q, e], seed), draw(['t', 'e'], [T, e], seed + 1), draw(['q', 'f'], [q, e], seed + 2), draw(['t', 'f'], [T, e], seed + 3)];
  const logits = (x: typeof h.row, y: typeof h.row, i: number): readonly number[] => shares(range(T).map((t) => inner(x(i), y(t))));
  const kl = (i: number): number => { const other = logits(s.row, u.row, i); return total(logits(h.row, w.row, i).map((p, t) => p * Math.log(p / (other[t] ?? Number.NaN)))); };
  expectNumbers(divergence.reference([h.tensor, w.tensor, s.tensor, u.tensor]), ['q'], range(q).map(kl));
  expect(range(q).every((i) => kl(i) > -1e-9)).toBe(true);
  const again = <const A extends readonly string[]>(x: typeof h | typeof w, axes: A, n: number): In<'f32', A> => array(toArray(x.tensor), { axes, shape: [n, e] });
  expectNumbers(divergence.reference([h.tensor, w.tensor, again(h, ['q', 'f'], q), again(w, ['t', 'f'], T)]), ['q'], range(q).map(() => 0));
});

describe('basics, compiled', () => {
  let batch: Batch;
  beforeAll(async () => { batch = await openBatch('basics', ['layerNorm', 'expertRouting']); }, 300_000);
  afterAll(() => batch?.close());
  const linear = fc.record({ q: long, e: medium, f: medium });
  describeAgreement(() => batch, {
    vectorAdd: { sizes: fc.record({ k: length({ max: 1025 }) }) }, rowLayerNorm: { sizes: fc.record({ q: medium, e: long }) },
    rmsNormLinear: { sizes: linear, dtypes: bothDtypes }, crossEntropy: { sizes: fc.record({ q: medium, e: medium, t: long }), values: { target: { min: 0, max: 6 } } },
    expertRouting: { sizes: fc.record({ q: medium, e: medium }) }, perTokenScale: { sizes: fc.record({ q: medium, e: long }) },
    quantised: { sizes: fc.record({ q: medium, e: medium }), values: { scale: { min: 0.01, max: 0.02 } } }, quantisedLinear: { sizes: linear, values: { x: { min: -127, max: 127 }, w: { min: -127, max: 127 } } },
  }, ['rowLayerNorm', 'expertRouting']);
});

describe('variants, compiled', () => {
  let batch: Batch;
  beforeAll(async () => { batch = await openBatch('variants', ['differential', 'entropy']); }, 300_000);
  afterAll(() => batch?.close());
  const sizes = fc.record({ q: medium, k: medium, ...heads });
  const byHead = { sizes: fc.record({ q: medium, k: medium, h: heads.g }) };
  describeAgreement(() => batch, {
    differential: byHead, linearState: byHead, linearCausal: byHead, divergence: { sizes: fc.record({ q: medium, e: medium, f: medium, t: medium }) },
    attentionEntropy: { sizes }, sigmoid: { sizes }, rectified: { sizes },
  }, ['differential', 'attentionEntropy']);
});
