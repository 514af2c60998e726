import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { decode, readPrompt } from '../../runtime/decode.js';
import { RuntimeError } from '../../runtime/error.js';
import type { DoneEvent } from '../../runtime/events.js';
import { generate } from '../../runtime/generate.js';
import { tokenOf } from '../../runtime/parallelComp/report.js';
import type { GenerateRequest } from '../../runtime/request.js';
import { type ReferenceDevice, referenceDevice } from '../kit/referenceDevice.js';
import { tinyConfig, tinyModel } from '../kit/tinyModel.js';
import { wordTokenizer } from '../kit/wordTokenizer.js';

const tokenizer = wordTokenizer(tinyConfig.vocabSize);
const open = async (device: ReferenceDevice, changes = {}) => ({ ...(await tinyModel(device, { numLayers: 2, ...changes })), tokenizer, chatTemplate: undefined });
const document = 'it was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness';
const question = 'which age?';
const long: GenerateRequest = { document, question, maxTokens: 3, parallelComp: { chunkTokens: 20, keepChunks: 2, capacity: 8 } };
/** All chunks go through the model at once. */
const together: GenerateRequest = { ...long, memoryBudget: Number.POSITIVE_INFINITY };

async function run(model: Awaited<ReturnType<typeof open>>, request: GenerateRequest): Promise<DoneEvent> {
  let done: DoneEvent | undefined;
  let text = '';
  for await (const event of generate(model, request)) {
    if (event.type === 'done') done = event;
    else text += event.text;
  }
  if (done === undefined) throw new Error('no done event');
  expect(done.text.startsWith(text)).toBe(true);
  return done;
}

describe('generate', () => {
  test.prop([fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }).filter((s) => s.trim() !== '')], { numRuns: 5 })(
    '17: a prompt within the window takes the plain path, token for token', async (document) => {
      const device = await referenceDevice();
      const model = await open(device);
      const done = await run(model, { document, question, maxTokens: 3 });
      const state = await readPrompt(model, [0, ...tokenizer.encode(document), ...tokenizer.encode(question)], 3);
      const ids: number[] = [];
      for await (const step of decode(model, state, 3, [])) ids.push(step.id);
      expect(done.ids).toEqual(ids);
      expect(done.method).toBe('full');
      expect(done.eviction).toBeUndefined();
      expect(device.launched.filter((name) => ['compact', 'queryNll', 'tailScore'].includes(name))).toEqual([]);
    });

  test('the plain path ends exactly at the window', async () => {
    const model = await open(await referenceDevice());
    const room = tinyConfig.window - 1 - question.length;
    expect((await run(model, { document: 'x'.repeat(room), question, maxTokens: 1 })).method).toBe('full');
    expect((await run(model, { document: 'x'.repeat(room + 1), question, maxTokens: 1 })).method).toBe('parallelcomp');
  });

  test('a long prompt reports what was read and kept', async () => {
    const progress: [number, number][] = [];
    const done = await run(await open(await referenceDevice()), { ...long, onProgress: (d, n) => progress.push([d, n]) });
    expect(done.usage).toEqual({ contextTokens: document.length, queryTokens: question.length, chunks: 6, answerTokens: 3, cachedTokens: 0 });
    expect(done.eviction?.chunks.map((c) => c.tokens)).toEqual([18, 18, 18, 18, 18, 19].map((_, i) => Math.floor(((i + 1) * document.length) / 6) - Math.floor((i * document.length) / 6)));
    expect(done.eviction?.chunks.filter((c) => c.kept).length).toBe(2);
    expect(done.eviction?.layers.flat().map((p) => p.columns.map((c) => c.length))).toEqual(Array.from({ length: 4 }, () => [8, 8]));
    for (const part of done.eviction?.layers.flat() ?? []) {
      // Eight rows of probabilities, two heads to a group: a group's scores over all keys would add up to 16.
      for (const own of part.scores ?? [[NaN]]) expect(own.every((s) => s >= 0) && own.reduce((a, b) => a + b, 0) < 16).toBe(true);
    }
    expect(done.eviction?.options).toMatchObject({ keepChunks: 2, capacity: 8, threshold: 0.1 });
    expect(progress).toEqual([1, 2, 3, 4, 5, 6].map((i) => [i, 6]));
    expect(done.firstTop5[0]?.[0]).toBe(done.ids[0]);
    expect(done.firstTop5.length).toBe(5);
  });

  test.prop([fc.constantFrom(0, undefined), fc.boolean()], { numRuns: 4 })('in detail, every kept column has the text of its token', async (bosId, asParts) => {
    const own = { ...tokenizer, bosId };
    const parts = asParts ? [document.slice(0, 50), document.slice(50)] : document;
    const { eviction } = await run({ ...(await open(await referenceDevice())), tokenizer: own }, { ...long, document: parts, detail: true });
    if (eviction === undefined) throw new Error('nothing was evicted');
    const ids = own.encode(document);
    expect(eviction.tokens?.join('')).toBe(own.decode(ids));
    for (const { chunk, columns } of eviction.layers.flat()) {
      for (const column of columns.flat()) {
        const place = tokenOf(eviction, chunk, column);
        expect(place === undefined).toBe(bosId !== undefined && column === 0);
        if (place !== undefined) expect(eviction.tokens?.[place]).toBe(own.decode(ids.slice(place, place + 1)));
      }
    }
  });

  test('an answer ends with a stop id, which is no text', async () => {
    const first = (await run(await open(await referenceDevice()), long)).ids;
    const stop = first[1] ?? -1;
    const done = await run(await open(await referenceDevice(), { eosIds: [stop] }), long);
    expect(done.ids).toEqual(first.slice(0, first.indexOf(stop) + 1));
  });

  test('"full" reads a prompt beyond the window with plain attention', async () => {
    const done = await run(await open(await referenceDevice()), { ...long, method: 'full' });
    expect([done.method, done.usage.chunks]).toEqual(['full', 0]);
  });

  test.prop([fc.integer({ min: 1, max: 260 }), fc.constantFrom<GenerateRequest>(long, together, { ...long, method: 'full' })], { numRuns: 18 })(
    '24: an abort at any launch frees everything, and the next request is right', async (at, request) => {
      const device = await referenceDevice();
      const model = await open(device);
      const want = await run(model, request);
      const held = device.live();
      const controller = new AbortController();
      let launches = 0;
      const launch: typeof device.launch = (...call) => {
        launches++;
        if (launches === at) controller.abort(new Error('enough'));
        device.launch(...call);
      };
      const aborted = run({ ...model, device: { ...device, launch } }, { ...request, signal: controller.signal });
      await aborted.catch((e: unknown) => { expect(e).toEqual(new Error('enough')); });
      expect(controller.signal.aborted).toBe(launches >= at);
      expect(device.live()).toBe(held);
      expect((await run(model, request)).ids).toEqual(want.ids);
    });

  test.prop([fc.integer({ min: 1, max: 400 }), fc.constantFrom<GenerateRequest>(long, together, { ...long, method: 'full' })], { numRuns: 18 })(
    '24: memory that runs out at any allocation frees everything', async (at, request) => {
      const device = await referenceDevice();
      const model = await open(device);
      const held = device.live();
      let count = 0;
      const alloc: typeof device.alloc = (dtype, shape) => {
        count++;
        if (count === at) throw new RuntimeError('R014', 'not enough memory');
        return device.alloc(dtype, shape);
      };
      const outcome = await run({ ...model, device: { ...device, alloc } }, request).catch((e: unknown) => e);
      if (count >= at) expect(outcome).toMatchObject({ code: 'R014' });
      expect(device.live()).toBe(held);
    });

  test.prop([fc.integer({ min: 1, max: 6 }), fc.constantFrom<GenerateRequest>(long, { ...long, method: 'full' })], { numRuns: 8 })(
    '24: an abort between two tokens frees everything, recordings too, and no token follows', async (at, request) => {
      const device = await referenceDevice();
      const model = await open(device);
      const held = device.live();
      const controller = new AbortController();
      let tokens = 0;
      const events = async () => {
        for await (const event of generate(model, { ...request, maxTokens: 8, signal: controller.signal })) {
          if (event.type === 'token') tokens++;
          if (tokens === at) controller.abort(new Error('enough'));
        }
      };
      await expect(events()).rejects.toThrow('enough');
      expect([tokens, device.live()]).toEqual([at, held]);
    });

  test('24: leaving the iteration early frees everything and stops the model', async () => {
    const device = await referenceDevice();
    const model = await open(device);
    const held = device.live();
    let launched = 0;
    for await (const event of generate(model, { ...long, maxTokens: 50 })) {
      launched = device.launched.length;
      expect(event.type).toBe('token');
      break;
    }
    expect(device.live()).toBe(held);
    expect(device.launched.length).toBe(launched);
  });

  test('a signal that has fired already stops before any work', async () => {
    const device = await referenceDevice();
    const model = await open(device);
    const launched = device.launched.length;
    await expect(run(model, { ...long, signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
    expect(device.launched.length).toBe(launched);
  });

  test.each<[string, Partial<GenerateRequest>, string, string]>([
    ['an empty document', { document: '' }, 'R401', 'the document is empty; give a document with some text'],
    ['a document of blanks', { document: [' \n', ''] }, 'R401', 'the document is empty; give a document with some text'],
    ['an empty question', { question: '' }, 'R404', 'the question is empty; say what the document is to be asked'],
    ['a question longer than the window', { question: 'w'.repeat(64) }, 'R402', "the question has 64 tokens, the model's window is 64; ask a shorter question"],
    ['a question longer than the window of the plain model', { question: 'w'.repeat(64), method: 'full' }, 'R402', "the question has 64 tokens, the model's window is 64; ask a shorter question"],
    ['no chunk to keep', { parallelComp: { keepChunks: 0 } }, 'R403', 'keepChunks is 0, it must be a whole number from 1; keep at least one chunk'],
    ['no token to answer with', { maxTokens: 0 }, 'R403', 'maxTokens is 0, it must be a whole number from 1; let the answer have at least one token'],
  ])('%s is refused and nothing is lost', async (_, changes, code, message) => {
    const device = await referenceDevice();
    const model = await open(device);
    const held = device.live();
    await expect(run(model, { ...long, ...changes })).rejects.toMatchObject({ code, message });
    expect(device.live()).toBe(held);
  });
});
