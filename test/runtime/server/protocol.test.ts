import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { listenFake } from './listening.js';

const messages = [{ role: 'user', content: 'Say hello.' }] as const;
const model = 'fake';

describe('the openai client', () => {
  test('gets one answer with everything a chat completion has', async () => {
    const { client } = await listenFake();
    const answer = await client.chat.completions.create({ model, messages: [...messages], max_tokens: 8 });
    expect(answer).toMatchObject({
      object: 'chat.completion', model, id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/), system_fingerprint: expect.stringMatching(/^wf_[0-9a-f]{12}$/),
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello world', refusal: null }, finish_reason: 'stop', logprobs: null }],
      usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6, prompt_tokens_details: { cached_tokens: 0 } },
      parallelcomp: { method: 'full', chunks: [], timings: { prefill: 0.5, decode: 0.25, tokens_per_second: 4 } },
    });
    expect(answer._request_id).toBe(answer.id);
    expect(Math.abs(answer.created - Date.now() / 1000)).toBeLessThan(60);
  });

  test('streams a chat: the role, pieces, the reason of the end, usage where asked for', async () => {
    const { client } = await listenFake();
    const stream = await client.chat.completions.create({ model, messages: [...messages], stream: true, stream_options: { include_usage: true } });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((c) => c.choices[0]?.delta)).toEqual([{ role: 'assistant', content: '' }, { content: 'Hello' }, { content: ' world' }, {}, undefined]);
    expect(chunks.map((c) => c.choices[0]?.finish_reason)).toEqual([null, null, null, 'stop', undefined]);
    expect(chunks.map((c) => c.usage?.total_tokens)).toEqual([undefined, undefined, undefined, undefined, 6]);
    expect(new Set(chunks.map((c) => c.id)).size).toBe(1);
    expect(chunks[3]).toHaveProperty('parallelcomp.method', 'full');
  });

  test('streams without usage unless asked', async () => {
    const { client } = await listenFake();
    const stream = await client.chat.completions.create({ model, messages: [...messages], stream: true });
    for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage');
  });

  test('completes a prompt, at once and as a stream, with 16 tokens unless said', async () => {
    const { client } = await listenFake({}, { answer: (prompt) => prompt.split('') });
    const prompt = 'abcdefghijklmnopqrstuvwxyz';
    const whole = await client.completions.create({ model, prompt });
    expect(whole).toMatchObject({ object: 'text_completion', choices: [{ text: prompt.slice(0, 16), finish_reason: 'length', index: 0, logprobs: null }] });
    let text = '';
    for await (const chunk of await client.completions.create({ model, prompt, max_tokens: 20, stream: true })) text += chunk.choices[0]?.text ?? '';
    expect(text).toBe(prompt.slice(0, 20));
  });

  test('lists and finds the model by the name it is served under', async () => {
    const { client } = await listenFake({ name: 'books' });
    expect((await client.models.list()).data.map((m) => m.id)).toEqual(['books']);
    expect(await client.models.retrieve('books')).toMatchObject({ id: 'books', object: 'model', context_window: 64 });
    await expect(client.models.retrieve('gpt-4')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    await expect(client.chat.completions.create({ model: 'gpt-4', messages: [...messages] })).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  });

  test('sends its options through to the model', async () => {
    const { client, model: fake } = await listenFake({ defaults: { temperature: 0.5, topK: 40, parallelComp: { keepChunks: 2, pool: 5 } } });
    const extra = { top_k: 0, min_p: 0.1, stop_token_ids: [7], ignore_eos: true, parallelcomp: { keep_chunks: 4, calibration: 'paper' }, nobody_knows: 1 };
    await client.chat.completions.create({ model, messages: [{ role: 'developer', content: [{ type: 'text', text: 'Be ' }, { type: 'text', text: 'brief.' }] }, ...messages], top_p: 0.9, seed: -1, stop: 'END', max_completion_tokens: 5, ...extra });
    await client.chat.completions.create({ model, messages: [...messages], temperature: 0, stop: ['a', 'b'] });
    expect(fake.calls.map((c) => c.request)).toMatchObject([
      { messages: [{ role: 'system', content: 'Be brief.' }, ...messages], temperature: 0.5, topP: 0.9, topK: undefined, minP: 0.1, seed: 2 ** 32 - 1, stop: ['END'], stopTokenIds: [7], ignoreEos: true, maxTokens: 5, parallelComp: { keepChunks: 4, pool: 5 } },
      { temperature: 0, topK: 40, stop: ['a', 'b'], parallelComp: { keepChunks: 2, calibration: undefined } },
    ]);
  });

  test('is told of a failure in the middle of a stream', async () => {
    const { client, log } = await listenFake({}, { fails: { at: 1, error: new Error('the wires melted') } });
    let text = '';
    const reading = (async () => {
      for await (const chunk of await client.chat.completions.create({ model, messages: [...messages], stream: true })) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toThrow(OpenAI.APIError);
    expect(text).toBe('Hello');
    // What failed is for the log, not for the client.
    await expect(reading).rejects.not.toThrow(/wires/);
    expect(log).toMatchObject([{ status: 500, error: { message: 'the wires melted' } }]);
  });

  test('is told of a failure before the first token by the status', async () => {
    const { client } = await listenFake({}, { fails: { at: 0, error: new Error('the wires melted') } });
    for (const stream of [true, false]) await expect(client.chat.completions.create({ model, messages: [...messages], stream })).rejects.toMatchObject({ status: 500, type: 'server_error' });
  });
});

describe('a key', () => {
  test.each<[string, Record<string, string>, number]>([
    ['none', {}, 401], ['a wrong one', { Authorization: 'Bearer open' }, 401], ['another scheme', { Authorization: 'Basic sesame' }, 401], ['the right one', { Authorization: 'Bearer sesame' }, 200],
  ])('%s', async (_, headers, status) => {
    const { server } = await listenFake({ apiKey: 'sesame' });
    for (const path of ['/v1/models', '/metrics']) expect((await fetch(server.url + path, { headers })).status).toBe(status);
    expect((await fetch(`${server.url}/health`, { headers })).status).toBe(200);
  });

  test('lets the client in that has it', async () => {
    const { client, server } = await listenFake({ apiKey: 'sesame' });
    expect((await client.models.list()).data.length).toBe(1);
    await expect(new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'open', maxRetries: 0 }).models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });
});

describe('the server', () => {
  test('says how it is', async () => {
    const { server } = await listenFake();
    expect(server.loopback).toBe(true);
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok', ready: true, model, queue: { waiting: 0, running: 0, limit: 64 } });
  });

  test('lets pages of other origins ask only where it was told to', async () => {
    const preflight = { method: 'OPTIONS', headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type' } };
    const allowed = async (corsOrigin: string | undefined): Promise<string | null> => {
      const { server } = await listenFake({ corsOrigin, apiKey: 'sesame' });
      return (await fetch(`${server.url}/v1/chat/completions`, preflight)).headers.get('Access-Control-Allow-Origin');
    };
    expect(await allowed(undefined)).toBeNull();
    expect(await allowed('https://page.example')).toBe('https://page.example');
  });

  test('refuses to listen twice at one port, with the remedy', async () => {
    const { server } = await listenFake();
    await expect(listenFake({ port: server.port })).rejects.toMatchObject({ code: 'R501', remedy: 'another program listens there; choose another --port' });
  });
});
