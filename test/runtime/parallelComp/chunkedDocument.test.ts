import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { decode } from '../../../runtime/decode.js';
import type { Decoder } from '../../../runtime/model/transformer.js';
import { total } from '../../../runtime/parallelComp/batch.js';
import { askChunks, type ChunkedDocument, readChunks } from '../../../runtime/parallelComp/chunkedDocument.js';
import { chunksOf, type Prompt } from '../../../runtime/parallelComp/chunking.js';
import { bytesNeeded, memoryPlan } from '../../../runtime/parallelComp/memoryPlan.js';
import { complete, defaults, type GivenOptions } from '../../../runtime/parallelComp/options.js';
import { type Compressed, parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { storedBytes } from '../../../runtime/parallelComp/stored.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

const device = await referenceDevice();
const model: Decoder = await tinyModel(device, { numLayers: 3 });

const token = fc.integer({ min: 2, max: 23 });
const text = (min: number, max: number) => fc.array(token, { minLength: min, maxLength: max });
const choices = fc.record({
  keepChunks: fc.integer({ min: 1, max: 4 }), capacity: fc.constantFrom(undefined, 1, 3, 6), pool: fc.constantFrom(1, 3, 7), observationRows: fc.constantFrom(1, 3, 12), group: fc.constantFrom('sum', 'max'),
  calibration: fc.constantFrom([], [{ from: 1, to: 2, zone: 'middle' }] as const), threshold: fc.constant(0.05), edge: fc.constant(1), queryBos: fc.boolean(),
});
const documents = fc.record({
  context: fc.array(text(1, 30), { minLength: 1, maxLength: 3 }), bosId: fc.constantFrom(0, undefined), size: fc.integer({ min: 3, max: 9 }), cut: fc.constantFrom('even', 'fixed'),
  /** Which share of its K and V may be stored. */
  share: fc.constantFrom(0, 0.5, 1),
});
type Drawn = typeof documents extends fc.Arbitrary<infer T> ? T : never;

const promptOf = ({ context, bosId }: Drawn, question: readonly number[]): Prompt => ({ context, question, bosId, maxTokens: 2 });

async function read(drawn: Drawn, on = model): Promise<{ readonly document: ChunkedDocument; readonly budget: number }> {
  const { size, cut, share, bosId } = drawn;
  const document = promptOf(drawn, []);
  const chunks = [...chunksOf(document, size, cut)];
  const sizes = { context: Math.max(...chunks.map((c) => c.ids.length)), question: 6, chunks: chunks.length, maxTokens: 6 };
  const needed = bytesNeeded(memoryPlan(on, defaults, bosId !== undefined, sizes), 1);
  const budget = 1.25 * (needed + share * storedBytes(on, total(chunks.map((c) => c.ids.length))) + 1);
  return { document: await readChunks(on, document, { size, cut, room: 6, budget }), budget };
}

async function outcome({ state, report }: Compressed) {
  const steps: (readonly [number, Float32Array])[] = [];
  for await (const step of decode(model, state, 2, [])) steps.push([step.id, await step.scores()]);
  return { report: report(), steps };
}
const ask = async (document: ChunkedDocument, drawn: Drawn, question: readonly number[], given: GivenOptions) =>
  await outcome(await askChunks(model, document, promptOf(drawn, question), complete(given), undefined, {}));
/** In one pass over all rows, chunk by chunk. */
async function atOnce(drawn: Drawn, question: readonly number[], given: GivenOptions) {
  const { report, steps } = await outcome(await parallelComp(model, promptOf(drawn, question), complete({ ...given, chunkTokens: drawn.size, chunkCut: drawn.cut })));
  return { report: { ...report, options: { ...report.options, chunkTokens: undefined, chunkCut: 'even' } }, steps };
}

describe('a document in chunks', () => {
  test.prop([documents, fc.array(fc.tuple(text(1, 5), choices), { minLength: 1, maxLength: 2 })], { numRuns: 15 })(
    'answers any number of questions as if each were asked alone, bit for bit, however much of it is stored', async (drawn, questions) => {
      const held = device.live();
      {
        using document = (await read(drawn)).document;
        expect(document.stored.chunks.length + document.others.length).toBe([...chunksOf(promptOf(drawn, []), drawn.size, drawn.cut)].length);
        if (drawn.share === 1) expect(document.others).toEqual([]);
        if (drawn.share === 0) expect(document.stored.chunks).toEqual([]);
        for (const [question, given] of questions) expect(await ask(document, drawn, question, given)).toEqual(await atOnce(drawn, question, given));
      }
      expect(device.live()).toBe(held);
    });

  test.prop([documents, text(1, 5), choices], { numRuns: 12 })('takes no more memory than its budget, stored chunks included', async (drawn, question, given) => {
    const fresh = await referenceDevice();
    const own: Decoder = await tinyModel(fresh, { numLayers: 3 });
    // Three chunks and all their tokens are what a budget must leave room for.
    const { document, budget } = await read(drawn, own);
    using _document = document;
    const { state } = await askChunks(own, document, promptOf(drawn, question), complete({ ...given, keepChunks: Math.min(3, given.keepChunks), queryBos: false, calibration: [] }), budget, {});
    for await (const _ of decode(own, state, 2, [])) { /* all of it */ }
    expect(fresh.stats().peakBytes).toBeLessThanOrEqual(budget);
  });

  test.prop([documents, text(1, 3)], { numRuns: 4 })('runs the rows of the question alone, and the one that predicts its first token', async (drawn, question) => {
    using document = (await read({ ...drawn, share: 1 })).document;
    const rows: number[] = [];
    const launch: typeof device.launch = (name, args, results, sizes) => {
      if (name === 'embed') rows.push(results['out']?.shape[0] ?? 0);
      device.launch(name, args, results, sizes);
    };
    const { state } = await askChunks({ ...model, device: { ...device, launch } }, document, promptOf(drawn, question), complete({ observationRows: 1 }), undefined, {});
    state.cache[Symbol.dispose]();
    expect(rows).toEqual([document.stored.chunks.length * (question.length + 1), question.length]);
  });

  test.prop([documents, fc.integer({ min: 1, max: 120 })], { numRuns: 10 })('gives back all memory where reading it fails', async (drawn, at) => {
    const held = device.live();
    let count = 0;
    const alloc: typeof device.alloc = (dtype, shape) => {
      if (++count === at) throw new Error('no memory');
      return device.alloc(dtype, shape);
    };
    const reading = readChunks({ ...model, device: { ...device, alloc } }, promptOf(drawn, []), { size: drawn.size, cut: drawn.cut, room: 6, budget: undefined });
    await reading.then((document) => document[Symbol.dispose](), (e: unknown) => { expect(e).toEqual(new Error('no memory')); });
    expect(device.live()).toBe(held);
  });
});
