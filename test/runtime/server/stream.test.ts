import { fc, test } from '@fast-check/vitest';
import OpenAI from 'openai';
import { describe, expect, onTestFinished } from 'vitest';
import { serveModel } from '../../../runtime/server/serve.js';
import { fakeModel } from './fakeModel.js';
import { listenFake, until } from './listening.js';

const model = 'fake';
const messages = [{ role: 'user', content: 'Hello?' }] as const;
const contexts = 'word '.repeat(400);

describe('a stream', () => {
  test('carries any text through to the client, character by character', async () => {
    let pieces: readonly string[] = [];
    const server = await serveModel(fakeModel({ answer: () => pieces }), { port: 0 });
    onTestFinished(() => server.close());
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\r\n\r\n', '\r', 'data: [DONE]\n\n', ':', '\u2028', '\0', '\uFEFF', '"\\'));
    await fc.assert(fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 10 }), async (said) => {
      pieces = said;
      let text = '';
      const stream = await client.chat.completions.create({ model, messages: [...messages], stream: true, max_tokens: 32 });
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      expect(text).toBe(said.join(''));
    }), { numRuns: 60 });
  });

  test('says how far a long prompt is read, in comments alone', async () => {
    const { post } = await listenFake({}, { window: 64, chunkMs: 2 });
    const response = await post('/v1/chat/completions', { messages, stream: true, parallelcomp: { contexts } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    const comments = events.filter((event) => event.startsWith(':'));
    expect(comments).toEqual(Array.from({ length: 9 }, (_, i) => `: prefill ${i + 1}/9`));
    expect(events.slice(comments.length).every((event) => event.startsWith('data: '))).toBe(true);
    expect(events.at(-1)).toBe('data: [DONE]');
  });

  test('gets a comment when nothing happens for long, waiting or working', async () => {
    const { post, model: fake } = await listenFake({ keepAlive: 0.01 }, { tokenMs: 60 });
    const first = post('/v1/completions', { prompt: 'a', stream: true }).then((r) => r.text());
    await until(() => fake.busy === 1, 'the first works');
    const second = post('/v1/completions', { prompt: 'b', stream: true }).then((r) => r.text());
    expect(await first).toMatch(/^(: working\n\n)+data: /);
    expect(await second).toMatch(/^(: waiting\n\n)+(: working\n\n)+data: /);
  });

  test('of a client that reads nothing does not hold the next one', async () => {
    const big = 'x'.repeat(1 << 20);
    const { post, model: fake } = await listenFake({}, { answer: () => Array.from({ length: 32 }, () => big) });
    const stalled = await post('/v1/completions', { prompt: 'a', stream: true, max_tokens: 32 });
    expect(stalled.status).toBe(200);
    await until(() => fake.calls.length === 1 && fake.busy === 0, 'the work of the stalled request is done');
    expect((await post('/v1/completions', { prompt: 'b', max_tokens: 1 })).status).toBe(200);
    await stalled.body?.cancel();
  });
});

describe('a client that goes away', () => {
  test.each<[string, boolean]>([['a stream', true], ['a plain request', false]])('ends the work on %s while the prompt is read, and keeps nothing', async (_, stream) => {
    const { client, model: fake, log, server } = await listenFake({}, { chunkMs: 20 });
    const abort = new AbortController();
    const request = client.chat.completions.create({ model, messages: [...messages], stream, ...{ parallelcomp: { contexts } } }, { signal: abort.signal }).then(async (answer) => {
      if (Symbol.asyncIterator in answer) for await (const _chunk of answer);
    });
    await until(() => fake.busy === 1, 'the prompt is being read');
    abort.abort();
    await request.catch(() => {});
    await until(() => fake.busy === 0, 'the work has ended');
    await until(() => log.length === 1, 'the request is in the log');
    expect(log).toMatchObject([{ status: 499 }]);
    expect(fake.openDocuments).toBe(0);
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ queue: { running: 0, waiting: 0 } });
  });

  test('ends the work between two tokens when it breaks out of its loop', async () => {
    const { client, model: fake, log } = await listenFake({}, { tokenMs: 5, answer: () => Array.from({ length: 32 }, (_, i) => ` ${i}`) });
    for await (const chunk of await client.chat.completions.create({ model, messages: [...messages], stream: true })) {
      if (chunk.choices[0]?.delta.content === ' 2') break;
    }
    await until(() => fake.busy === 0 && log.length === 1, 'the work has ended');
    expect(log).toMatchObject([{ status: 499, usage: undefined }]);
  });

  test('leaves the queue before its turn', async () => {
    const { post, model: fake, log, waiting } = await listenFake({}, { tokenMs: 300 });
    const first = post('/v1/completions', { prompt: 'a' });
    await until(() => fake.busy === 1, 'the first works');
    const abort = new AbortController();
    const second = post('/v1/completions', { prompt: 'b' }, { signal: abort.signal });
    await waiting(1);
    const third = post('/v1/completions', { prompt: 'c' });
    await waiting(2);
    abort.abort();
    await expect(second).rejects.toThrow();
    expect([(await first).status, (await third).status]).toEqual([200, 200]);
    expect(fake.calls.map((c) => c.kind === 'generate' && c.request.question)).toEqual(['a', 'c']);
    expect(log.map((entry) => entry.status)).toEqual([499, 200, 200]);
  });
});
