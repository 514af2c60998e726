import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { length } from '../../kit/shapes.js';
import { describeAgreement, type Drawn, heads, long, medium } from './agreement.js';
import { type Batch, filesOf, openBatch } from './batch.js';

const { g, r } = heads;
const short = length({ max: 20 });
/** Rows of the window see the keys up to their own: with nine, the first row sees two. */
const keys = length({ min: 9, max: 130 });
const window = { w: fc.constant(8), k: keys, g, r };
const anyWindow = { ...window, w: fc.constantFrom(1, 3, 8) };
const prompt = { q: medium, k: medium, g, r };

const cases: Readonly<Record<string, Drawn>> = {
  adaKv: { sizes: fc.record({ k: long, g: fc.constant(2), m: short, n: long }).map((s) => ({ ...s, i: s.k * s.g })) },
  adaKvVotes: { sizes: fc.record(window) },
  cake: { sizes: fc.record(window) },
  cakeLayer: { sizes: fc.record(window) },
  chunkKv: { sizes: fc.record(window) },
  criticalKv: { sizes: fc.record({ ...window, e: short }) },
  cur: { sizes: fc.record({ k: long, g }) },
  expectedAttention: { sizes: fc.record({ k: medium, g, r }) },
  finch: { sizes: fc.record(anyWindow) },
  h2o: { sizes: fc.record(prompt) },
  keyDiff: { sizes: fc.record({ k: long, g }) },
  keyformer: { sizes: fc.record(prompt), values: { tau: { min: 1, max: 2 } } },
  knorm: { sizes: fc.record({ k: long, g }) },
  kvZip: { sizes: fc.record(prompt) },
  lagKv: { sizes: fc.record({ p: short, j: fc.constant(16), g }) },
  leverage: { sizes: fc.record({ k: long, g }) },
  nonCausal: { sizes: fc.record(prompt) },
  parallelComp: { sizes: fc.record({ ...window, n: long }), values: { lse: { min: 2, max: 4 } } },
  pyramidKv: { sizes: fc.record({ ...window, n: long }) },
  qFilter: { sizes: fc.record({ k: long, g }) },
  queryStatistics: { sizes: fc.record({ q: medium, g, r }) },
  quest: { sizes: fc.record({ p: short, j: fc.constant(16), g, r, n: short }) },
  rKv: { sizes: fc.record(window) },
  random: { sizes: fc.record({ g, k: long }), values: { seed: { min: 0, max: 1e6 } } },
  retrievalHead: { sizes: fc.record(anyWindow), values: { said: { min: 0, max: 3 }, tokens: { min: 0, max: 3 } } },
  scissorhands: { sizes: fc.record(window), values: { alpha: { min: 0.2, max: 0.9 } } },
  simLayerKv: { sizes: fc.record(anyWindow), values: { sinks: { min: 0, max: 6 }, recent: { min: 0, max: 12 } } },
  sketchGram: { sizes: fc.record({ k: long, g }) },
  snapKv: { sizes: fc.record({ ...window, r: fc.constant(4) }) },
  sparQ: { sizes: fc.record({ k: long, g, r }) },
  streamingLlm: { sizes: fc.record({ k: long, n: long }) },
  tailLse: { sizes: fc.record(window) },
  think: { sizes: fc.record({ ...anyWindow, n: length({ max: 66 }) }) },
  tova: { sizes: fc.record({ w: fc.constant(1), k: long, g, r }) },
  vatp: { sizes: fc.record(prompt) },
  verticalSlash: { sizes: fc.record({ ...window, o: long }) },
  xAttention: { sizes: fc.record({ i: short, j: short, s: fc.constant(8), g, r }) },
};
/** One of each derivation: no queries, few rows, all rows, a choice, two launches on each side of a pool. */
const emulated = ['keyDiff', 'h2o', 'snapKv', 'adaKv', 'quest', 'scissorhands'];

let batch: Batch;
beforeAll(async () => { batch = await openBatch('kvScores', emulated); }, 300_000);
afterAll(() => batch?.close());

test('the largest share is told from the sum of shares', () => expect(batch.onCpu('kvZip', { sizes: { q: 5, k: 5, g: 1, r: 1 }, seed: 1 }, 'nonCausal')).rejects.toThrow(/nonCausal on cpu: 5 of 5 elements of 'out' differ/));

test('at least 30 published rules of choosing keys are one file each', () => expect(filesOf('kvScores').length).toBeGreaterThanOrEqual(30));
describeAgreement(() => batch, cases, emulated);
