import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, describe } from 'vitest';
import './quiet.js';
import { array, type In } from '../../../dsl/index.js';
import { blockMasked } from '../../../examples/masks/blockCausal.js';
import { causalMasked } from '../../../examples/masks/causal.js';
import { dilatedMasked } from '../../../examples/masks/dilated.js';
import { documentMasked } from '../../../examples/masks/document.js';
import { globalMasked } from '../../../examples/masks/globalTokens.js';
import { neighbourMasked } from '../../../examples/masks/neighbourhood.js';
import { prefixMasked } from '../../../examples/masks/prefix.js';
import { sinksMasked } from '../../../examples/masks/sinksAndWindow.js';
import { windowMasked } from '../../../examples/masks/slidingWindow.js';
import { alibi } from '../../../examples/scoreMods/alibi.js';
import { logScaling } from '../../../examples/scoreMods/logScaling.js';
import { pairBias } from '../../../examples/scoreMods/pairBias.js';
import { relativeBias } from '../../../examples/scoreMods/relativeBias.js';
import { sinks } from '../../../examples/scoreMods/sinks.js';
import { softCap } from '../../../examples/scoreMods/softCap.js';
import { length } from '../../kit/shapes.js';
import { bothDtypes, describeAgreement, type Drawn as Called, heads, medium } from './agreement.js';
import { type Batch, openBatch } from './batch.js';
import { draw, expectNumbers } from './drawn.js';
import { inner, range, shares, total } from './plain.js';

// Masks and score mods: what attention is with a score of one's own, on plain arrays, by position.

const D = 64;
const [G, R] = [2, 2];
const few = fc.integer({ min: 0, max: 12 });
const some = fc.integer({ min: 1, max: 12 });
const shapes = fc.record({ q: fc.integer({ min: 1, max: 14 }), k: fc.integer({ min: 1, max: 14 }), seed: fc.nat() });
const runs = { numRuns: 15 };

interface Inputs { readonly q: In<'f32', ['q', 'g', 'r', 'd']>; readonly k: In<'f32', ['k', 'g', 'd']>; readonly v: In<'f32', ['k', 'g', 'd']> }
/** Attention whose scores are `score(s, q, k, g, r)`, s = q·k/√d; `extra` is one more exponential in each row's sum. */
function attended({ q: Q, k: K, seed }: { readonly q: number; readonly k: number; readonly seed: number }, score: (s: number, q: number, k: number, g: number, r: number) => number, extra?: (g: number, r: number) => number) {
  const [q, k, v] = [draw(['q', 'g', 'r', 'd'], [Q, G, R, D], seed), draw(['k', 'g', 'd'], [K, G, D], seed + 1), draw(['k', 'g', 'd'], [K, G, D], seed + 2)];
  const row = (i: number, g: number, r: number): readonly number[] => {
    const s = [...range(K).map((j) => score(inner(q.row(i, g, r), k.row(j, g)) / 8, i, j, g, r)), ...(extra ? [extra(g, r)] : [])];
    const p = shares(s);
    return range(D).map((d) => total(range(K).map((j) => (p[j] ?? 0) * v.at(j, g, d))));
  };
  const inputs: Inputs = { q: q.tensor, k: k.tensor, v: v.tensor };
  return { inputs, expected: range(Q).flatMap((i) => range(G).flatMap((g) => range(R).flatMap((r) => row(i, g, r)))) };
}
const order = ['q', 'g', 'r', 'd'];
const seen = (yes: boolean, s: number): number => (yes ? s : -Infinity);

describe('a mask hides what its definition hides', () => {
  property.prop([shapes], runs)('causal', (of) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q, s));
    expectNumbers(causalMasked.reference({ ...inputs }), order, expected);
  });
  property.prop([shapes, few], runs)('sliding window', (of, width) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q && k > q - width, s));
    expectNumbers(windowMasked.reference({ ...inputs, width }), order, expected);
  });
  property.prop([shapes, few], runs)('prefix', (of, length) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k < length || k <= q, s));
    expectNumbers(prefixMasked.reference({ ...inputs, length }), order, expected);
  });
  property.prop([shapes, fc.array(few, { minLength: 14, maxLength: 14 })], runs)('document', (of, ids) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q && ids[q] === ids[k], s));
    const [ofQuery, ofKey] = [array(ids.slice(0, of.q), { axes: ['q'], shape: [of.q], dtype: 'i32' }), array(ids.slice(0, of.k), { axes: ['k'], shape: [of.k], dtype: 'i32' })];
    expectNumbers(documentMasked.reference({ ...inputs, ofQuery, ofKey }), order, expected);
  });
  property.prop([shapes, some], runs)('dilated', (of, stride) => {
    const reached = (q: number): readonly number[] => range(20).map((n) => q - n * stride);
    const { inputs, expected } = attended(of, (s, q, k) => seen(reached(q).includes(k), s));
    expectNumbers(dilatedMasked.reference({ ...inputs, stride }), order, expected);
  });
  property.prop([shapes, few, few], runs)('sinks and window', (of, first, width) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q && (k < first || q - k < width), s));
    expectNumbers(sinksMasked.reference({ ...inputs, sinks: first, width }), order, expected);
  });
  property.prop([shapes, few, few], runs)('global tokens', (of, globals, reach) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(Math.min(q, k) < globals || (k >= q - reach && k <= q + reach), s));
    expectNumbers(globalMasked.reference({ ...inputs, globals, reach }), order, expected);
  });
  property.prop([shapes, some, few], runs)('neighbourhood', (of, width, reach) => {
    const place = (i: number): readonly [number, number] => [i % width, (i - (i % width)) / width];
    const { inputs, expected } = attended(of, (s, q, k) => seen(place(q).every((x, axis) => Math.abs(x - (place(k)[axis] ?? 0)) <= reach), s));
    expectNumbers(neighbourMasked.reference({ ...inputs, width, reach }), order, expected);
  });
  property.prop([shapes, some], runs)('block-causal', (of, size) => {
    const end = (q: number): number => range(20).map((n) => n * size).find((e) => e > q) ?? 0;
    const { inputs, expected } = attended(of, (s, q, k) => seen(k < end(q), s));
    expectNumbers(blockMasked.reference({ ...inputs, size }), order, expected);
  });
});

describe('a score mod is the arithmetic its paper states', () => {
  const table = (seed: number) => draw(['g', 'r'], [G, R], seed + 3);
  property.prop([shapes], runs)('ALiBi', (of) => {
    const slope = table(of.seed);
    const { inputs, expected } = attended(of, (s, q, k, g, r) => seen(k <= q, s + slope.at(g, r) * (k - q)));
    expectNumbers(alibi.reference({ ...inputs, slope: slope.tensor }), order, expected);
  });
  property.prop([shapes, fc.double({ min: 0.5, max: 50, noNaN: true })], runs)('soft cap', (of, cap) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q, (cap * (Math.exp((2 * s) / cap) - 1)) / (Math.exp((2 * s) / cap) + 1)));
    expectNumbers(softCap.reference({ ...inputs, cap }), order, expected);
  });
  property.prop([shapes, fc.integer({ min: 1, max: 9 })], runs)('relative bias', (of, rows) => {
    const bias = draw(['o', 'g', 'r'], [rows, G, R], of.seed + 3);
    const clipped = (x: number): number => (x < 0 ? 0 : x >= rows ? rows - 1 : x);
    const { inputs, expected } = attended(of, (s, q, k, g, r) => s + bias.at(clipped(k - q + Math.trunc(rows / 2)), g, r));
    expectNumbers(relativeBias.reference({ ...inputs, table: bias.tensor }), order, expected);
  });
  property.prop([shapes], runs)('sinks', (of) => {
    const sink = table(of.seed);
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q, s), sink.at);
    expectNumbers(sinks.reference({ ...inputs, sink: sink.tensor }), order, expected);
  });
  property.prop([shapes], runs)('pair bias', (of) => {
    const [pair, mask, gate] = [draw(['g', 'r', 'q', 'k'], [G, R, of.q, of.k], of.seed + 3), draw(['k'], [of.k], of.seed + 4), draw(['q', 'g', 'r', 'd'], [of.q, G, R, D], of.seed + 5)];
    const { inputs, expected } = attended(of, (s, q, k, g, r) => s + pair.at(g, r, q, k) + mask.at(k));
    const gates = range(of.q).flatMap((q) => range(G).flatMap((g) => range(R).flatMap((r) => gate.row(q, g, r))));
    expectNumbers(pairBias.reference({ ...inputs, pair: pair.tensor, mask: mask.tensor, gate: gate.tensor }), order, expected.map((o, i) => o / (1 + Math.exp(-(gates[i] ?? 0)))));
  });
  property.prop([shapes, some, fc.double({ min: 0, max: 1, noNaN: true })], runs)('log scaling', (of, floor, scale) => {
    const { inputs, expected } = attended(of, (s, q, k) => seen(k <= q, s * (1 + scale * Math.log(1 + Math.trunc((q + 1) / floor)))));
    expectNumbers(logScaling.reference({ ...inputs, floor, scale }), order, expected);
  });
});

const sizes = fc.record({ q: medium, k: medium, ...heads });
const number = (min: number, max: number) => ({ min, max });
const attention = (values: Called['values'] = {}): Called => ({ sizes, dtypes: bothDtypes, values });

describe('masks, compiled', () => {
  let batch: Batch;
  beforeAll(async () => { batch = await openBatch('masks', ['causal', 'slidingWindow']); }, 300_000);
  afterAll(() => batch?.close());
  describeAgreement(() => batch, {
    blockMasked: attention({ size: number(1, 40) }), causalMasked: attention(), dilatedMasked: attention({ stride: number(1, 9) }),
    documentMasked: attention({ ofQuery: number(0, 2), ofKey: number(0, 2) }), globalMasked: attention({ globals: number(0, 5), reach: number(0, 40) }),
    neighbourMasked: attention({ width: number(1, 12), reach: number(0, 3) }), prefixMasked: attention({ length: number(0, 70) }),
    sinksMasked: attention({ sinks: number(0, 5), width: number(0, 70) }), windowMasked: attention({ width: number(0, 70) }),
  }, ['causalMasked', 'windowMasked']);
});

describe('score mods, compiled', () => {
  let batch: Batch;
  beforeAll(async () => { batch = await openBatch('scoreMods', ['sinks', 'relativeBias']); }, 300_000);
  afterAll(() => batch?.close());
  describeAgreement(() => batch, {
    alibi: attention({ slope: number(0, 1) }), softCap: attention({ cap: number(2, 20) }), logScaling: attention({ floor: number(1, 40), scale: number(0, 0.5) }),
    pairBias: { sizes }, relativeBias: { ...attention(), sizes: fc.record({ q: medium, k: medium, ...heads, o: length({ max: 9 }) }) }, sinks: attention(),
  }, ['sinks', 'relativeBias']);
});
