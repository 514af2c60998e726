import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import type { DoneEvent, GenerateEvent } from '../../runtime/events.js';
import { loadedModel } from '../../runtime/loadedModel.js';
import type { Model } from '../../runtime/model.js';
import { makeChatTemplate } from '../../runtime/model/chatTemplate.js';
import type { QuestionRequest } from '../../runtime/request.js';
import { type ReferenceDevice, referenceDevice } from '../kit/referenceDevice.js';
import { tinyConfig, tinyModel } from '../kit/tinyModel.js';
import { wordTokenizer } from '../kit/wordTokenizer.js';

const tokenizer = wordTokenizer(tinyConfig.vocabSize);
const chatTemplate = makeChatTemplate({}, '{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}a:');
const contexts = ['it was the best of times, it was the worst of times', 'it was the age of wisdom, it was the age of foolishness'];
const parallelComp = { keepChunks: 2, capacity: 8 };
const question = 'which age?';

/** `launched`: called at every launch. */
async function open(device: ReferenceDevice, launched: () => void = () => {}): Promise<Model> {
  const watched = { ...device, launch: (...call: Parameters<typeof device.launch>) => { launched(); device.launch(...call); } };
  const decoder = { ...(await tinyModel(device, { numLayers: 2 })), device: watched };
  return loadedModel({ ...decoder, tokenizer, chatTemplate }, { id: 'tiny', deviceChoice: undefined }, async () => decoder.weights[Symbol.dispose]());
}
async function last(events: AsyncGenerator<GenerateEvent>): Promise<DoneEvent> {
  let text = '';
  for await (const event of events) {
    if (event.type === 'token') text += event.text;
    else {
      expect(event.text).toBe(text);
      return event;
    }
  }
  throw new Error('no done event');
}

describe('a document of a model', () => {
  const requests = fc.record({
    question: fc.constantFrom('which age?', 'why?', 'what was it, the best or the worst?'), method: fc.constantFrom('auto', 'parallelcomp', 'full', 'truncated', 'streaming'),
    temperature: fc.constantFrom(0, 1), seed: fc.constant(11), topK: fc.constantFrom(undefined, 4), stop: fc.constantFrom(undefined, ['a', 'b'], 'q'), maxTokens: fc.constant(5), parallelComp: fc.constantFrom(parallelComp, { keepChunks: 1 }),
  });
  test.prop([fc.array(requests, { minLength: 1, maxLength: 3 }), fc.constantFrom(12, 20)], { numRuns: 5 })('answers as the model does when it is given everything', async (asked, chunkTokens) => {
    const device = await referenceDevice();
    await using model = await open(device);
    await using document = await model.prefill({ contexts, chunkTokens });
    for (const request of asked) {
      const got = await last(document.generate(request));
      const want = await last(model.generate({ ...request, document: contexts, parallelComp: { ...request.parallelComp, chunkTokens } }));
      expect({ ...got, timings: 0, peakBytes: 0, eviction: got.eviction?.chunks, usage: 0 }).toEqual({ ...want, timings: 0, peakBytes: 0, eviction: want.eviction?.chunks, usage: 0 });
      expect(got.usage).toEqual({ ...want.usage, cachedTokens: got.method === 'parallelcomp' ? want.usage.contextTokens : 0 });
      expect(got.ids.length).toBeLessThanOrEqual(5);
    }
  });

  example('of one chunk within the window answers plainly behind what is stored', async () => {
    const device = await referenceDevice();
    await using model = await open(device);
    await using document = await model.prefill({ contexts: 'it was the age of wisdom', room: 30 });
    const before = device.launched.length;
    const got = await last(document.generate({ question, maxTokens: 1 }));
    const want = await last(model.generate({ document: 'it was the age of wisdom', question, maxTokens: 1 }));
    expect([got.method, got.usage.cachedTokens, got.ids]).toEqual(['full', 24, want.ids]);
    got.firstTop5.forEach(([id, logit], i) => {
      expect(id).toBe(want.firstTop5[i]?.[0]);
      // Sums in another order, in float64, then one rounding to f32 of logits below 16.
      expect(Math.abs(logit - (want.firstTop5[i]?.[1] ?? NaN))).toBeLessThan(2e-6);
    });
    expect(device.launched.slice(before).filter((name) => name === 'queryNll')).toEqual([]);
  });

  example('takes messages through the chat template, behind its text', async () => {
    await using model = await open(await referenceDevice());
    await using document = await model.prefill({ contexts });
    const spoken = await last(document.generate({ messages: [{ role: 'user', content: question }], maxTokens: 2 }));
    expect(spoken.ids).toEqual((await last(document.generate({ question: `user:${question};a:`, maxTokens: 2 }))).ids);
  });

  test.prop([fc.integer({ min: 1, max: 220 })], { numRuns: 5 })('an abort at any launch of a prefill or a question frees what it took, and the next answer is right', async (at) => {
    const device = await referenceDevice();
    let [count, controller] = [-Infinity, new AbortController()];
    await using model = await open(device, () => { if (++count === at) controller.abort(new Error('enough')); });
    const request: QuestionRequest = { question, maxTokens: 2, parallelComp };
    const want = await last(model.generate({ ...request, document: contexts, parallelComp: { ...parallelComp, chunkTokens: 15 } }));
    const held = device.live();
    count = 0;
    const aborted = (async () => {
      await using document = await model.prefill({ contexts, chunkTokens: 15, signal: controller.signal });
      await last(document.generate({ ...request, signal: controller.signal }));
    })();
    await aborted.then(() => { expect(count).toBeLessThan(at); }, (e: unknown) => { expect(e).toEqual(new Error('enough')); });
    expect(device.live()).toBe(held);
    [count, controller] = [-Infinity, new AbortController()];
    await using document = await model.prefill({ contexts, chunkTokens: 15 });
    expect((await last(document.generate(request))).ids).toEqual(want.ids);
  });
});

describe('the end of a model or document', () => {
  test.prop([fc.constantFrom('model', 'document'), fc.integer({ min: 0, max: 3 })], { numRuns: 8 })('ends what runs and what waits with a reason, and frees everything', async (what, tokens) => {
    const device = await referenceDevice();
    const model = await open(device);
    const weights = device.live();
    const document = await model.prefill({ contexts, chunkTokens: 15 });
    const running = document.generate({ question, maxTokens: 50, parallelComp });
    for (let i = 0; i < tokens; i++) await running.next();
    const waiting = [document.generate({ question }).next(), document.generate({ question }).next()];
    const outcomes = Promise.allSettled(waiting);
    await (what === 'model' ? model : document)[Symbol.asyncDispose]();
    const reason = what === 'model' ? 'the model was disposed; load it again' : 'the document was disposed; prefill it again';
    await expect(running.next()).rejects.toMatchObject({ code: 'R408', message: reason });
    // Without a running one the first that waits runs, and ends like it.
    expect((await outcomes).map((o) => (o.status === 'rejected' ? String(o.reason.message) : o.status))).toEqual([reason, reason]);
    await expect(document.generate({ question }).next()).rejects.toMatchObject({ code: 'R408', message: reason });
    expect(device.live()).toBe(what === 'model' ? 0 : weights);
    if (what === 'document') expect((await last(model.generate({ question, maxTokens: 1 }))).ids.length).toBe(1);
    await model[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
    await expect(model.prefill({ contexts })).rejects.toMatchObject({ code: 'R408' });
    expect(device.live()).toBe(0);
  });

  example('comes from within a request too', async () => {
    const device = await referenceDevice();
    const model = await open(device);
    const inLoop = async (): Promise<void> => { for await (const _ of model.generate({ question, maxTokens: 9 })) await model[Symbol.asyncDispose](); };
    await expect(inLoop()).rejects.toThrow('the model was disposed');
    expect(device.live()).toBe(0);
  });
});

describe('requests', () => {
  example('run in the order in which they came; one that is aborted while it waits leaves without a trace', async () => {
    const device = await referenceDevice();
    await using model = await open(device);
    const ended: number[] = [];
    const leaving = new AbortController();
    const all = [0, 1, 2, 3].map(async (i) => {
      await last(model.generate({ question, maxTokens: 3, ...(i === 2 ? { signal: leaving.signal } : {}) })).then(() => ended.push(i), (e: unknown) => { expect(e).toEqual(new Error('never mind')); });
    });
    leaving.abort(new Error('never mind'));
    await Promise.all(all);
    expect(ended).toEqual([0, 1, 3]);
    expect(model.waiting).toBe(0);
  });

  example.each<[string, QuestionRequest, string]>([
    ['neither question nor messages', {}, 'R409'], ['both', { question, messages: [] }, 'R409'], ['no messages', { messages: [] }, 'R404'], ['no text', { question: '' }, 'R404'],
    ['a prompt beyond the window', { question: 'x'.repeat(100) }, 'R402'], ['chunks of no document', { question, method: 'parallelcomp' }, 'R402'], ['an answer as long as the window', { question, method: 'truncated', maxTokens: 64 }, 'R402'],
  ])('with %s are refused', async (_, request, code) => {
    await using model = await open(await referenceDevice());
    await expect(last(model.generate(request))).rejects.toMatchObject({ code });
  });

  example.each<[string, QuestionRequest, string, string]>([
    ['a question longer than its room', { question: 'x'.repeat(30) }, 'R402', 'the question has 30 tokens, the document\'s chunks leave 23 of the window of 64; ask a shorter question, or prefill the document with a room of 30'],
    ['another cut', { question, parallelComp: { chunkTokens: 9 } }, 'R403', 'parallelComp.chunkTokens is 9, it must be left out: the document is cut already; give it when the document is prefilled'],
  ])('to a document with %s are refused', async (_, request, code, message) => {
    await using model = await open(await referenceDevice());
    await using document = await model.prefill({ contexts: 'y'.repeat(80), chunkTokens: 40 });
    await expect(last(document.generate({ ...request, method: 'parallelcomp' }))).rejects.toMatchObject({ code, message });
  });

  example.each([[{ room: 0 }, 'room is 0'], [{ room: 63 }, 'room is 63'], [{ chunkTokens: 63 }, 'chunkTokens is 63'], [{ memoryBudget: 1000 }, 'memoryBudget is 1000']])('to prefill with %j are refused', async (options, message) => {
    const device = await referenceDevice();
    await using model = await open(device);
    const held = device.live();
    await expect(model.prefill({ contexts, ...options })).rejects.toMatchObject({ code: 'R403', message: expect.stringContaining(message) });
    expect(device.live()).toBe(held);
  });
});
