import { fc, test } from '@fast-check/vitest';
import { describe, expect, onTestFinished } from 'vitest';
import { serveModel } from '../../../runtime/server/serve.js';
import { fakeModel } from './fakeModel.js';
import { listenFake } from './listening.js';

const messages = [{ role: 'user', content: 'Hello?' }];

describe('a wrong request', () => {
  test.each<[string, object | string, number, string | null, string, RegExp]>([
    ['no JSON', '{"messages": [', 400, null, 'invalid_json', /^the body is not JSON: /],
    ['no object', [], 400, null, 'invalid_value', /^the body: expected object, received array$/],
    ['no messages', {}, 400, 'messages', 'invalid_value', /^messages: expected array, received undefined$/],
    ['an empty conversation', { messages: [] }, 400, 'messages', 'invalid_value', /^messages: /],
    ['a number as content', { messages: [...messages, { role: 'user', content: 5 }] }, 400, 'messages[1].content', 'invalid_value', /^messages\[1\]\.content: expected string or array, received number$/],
    ['a picture', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: 'x' } }] }] }, 400, 'messages[0].content[1].type', 'invalid_value', /only text parts are supported$/],
    ['an unknown role', { messages: [{ role: 'wizard', content: 'a' }] }, 400, 'messages[0].role', 'invalid_value', /"assistant"/],
    ['a temperature out of range', { messages, temperature: 3 }, 400, 'temperature', 'invalid_value', /<=2/],
    ['an empty stop', { messages, stop: [''] }, 400, 'stop[0]', 'invalid_value', /stop\[0\]: /],
    ['no tokens', { messages, max_tokens: 0 }, 400, 'max_tokens', 'invalid_value', />=1/],
    ['more tokens than there may be', { messages, max_tokens: 33 }, 400, 'max_tokens', 'context_length_exceeded', /^max_tokens is 33, this server gives at most 32$/],
    ['a typo in our own options', { messages, parallelcomp: { keep_chunk: 2 } }, 400, 'parallelcomp', 'invalid_value', /keep_chunk"/],
    ['contexts without text', { messages, parallelcomp: { contexts: [' ', ''] } }, 400, 'parallelcomp.contexts', 'invalid_value', /no text/],
    ['two answers', { messages, n: 2 }, 400, 'n', 'unsupported_parameter', /one answer/],
    ['tools', { messages, tools: [{ type: 'function', function: { name: 'f' } }] }, 400, 'tools', 'unsupported_parameter', /tools are not supported/],
    ['a schema', { messages, response_format: { type: 'json_schema', json_schema: {} } }, 400, 'response_format', 'unsupported_parameter', /free text/],
    ['log probabilities', { messages, logprobs: true, top_logprobs: 3 }, 400, 'logprobs', 'unsupported_parameter', /log probabilities/],
    ['a question without a document', { messages, parallelcomp: { method: 'parallelcomp' } }, 400, 'parallelcomp', 'no_document', /give parallelcomp\.contexts/],
    ['a question longer than the window', { messages: [{ role: 'user', content: 'why '.repeat(70) }], parallelcomp: { contexts: 'a b' } }, 400, null, 'context_length_exceeded', /leave no room for the document in a window of 64/],
  ])('%s is told where it is wrong', async (_, body, status, param, code, message) => {
    const { post } = await listenFake();
    const response = await post('/v1/chat/completions', body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { message: expect.stringMatching(message), type: 'invalid_request_error', param, code } });
  });

  test.each<[string, object, string]>([
    ['nothing', { prompt: '' }, 'prompt: Too small: expected string to have >=1 characters'],
    ['token ids', { prompt: [1, 2] }, 'prompt[0]: expected text; lists of tokens are not supported'],
    ['several prompts', { prompt: ['a', 'b'] }, 'prompt: one prompt per request; send several requests'],
    ['an echo', { prompt: 'a', echo: true }, 'echo: the prompt is not repeated; put it in front of the answer yourself'],
    ['log probabilities', { prompt: 'a', logprobs: 0 }, 'logprobs: log probabilities are not given; leave the field out'],
    ['the best of several', { prompt: 'a', best_of: 3 }, 'best_of: one answer is given per request; send several requests'],
  ])('of completions: %s', async (_, body, message) => {
    const { post } = await listenFake();
    expect(await (await post('/v1/completions', body)).json()).toMatchObject({ error: { message } });
  });

  test('what means nothing is no mistake', async () => {
    const { post } = await listenFake();
    const neutral = { n: 1, tools: [], tool_choice: 'auto', logit_bias: {}, logprobs: false, frequency_penalty: 0, presence_penalty: 0, response_format: { type: 'text' }, stop: null, seed: null, user: 'u', store: true, metadata: { a: 1 }, parallelcomp: null };
    expect((await post('/v1/chat/completions', { messages, ...neutral })).status).toBe(200);
    expect((await post('/v1/completions', { prompt: ['a'], echo: false, suffix: null, logprobs: null, best_of: 1 })).status).toBe(200);
  });

  test('messages for a model without a template name the other route', async () => {
    const { post } = await listenFake({}, { template: false });
    expect(await (await post('/v1/chat/completions', { messages })).json()).toMatchObject({ error: { code: 'no_chat_template', message: expect.stringMatching(/\/v1\/completions/) } });
  });

  test('a body beyond the limit is refused, whether its length is told or not', async () => {
    const { post, log } = await listenFake({ maxBody: 1000 });
    const body = JSON.stringify({ prompt: 'x'.repeat(1000) });
    expect((await post('/v1/completions', body)).status).toBe(413);
    const chunked = { body: new Blob([body]).stream(), duplex: 'half' } as RequestInit;
    const response = await post('/v1/completions', '', chunked);
    expect([response.status, await response.json()]).toMatchObject([413, { error: { code: 'body_too_large', message: 'the body has more than 1000 bytes' } }]);
    const small = new Blob([JSON.stringify({ prompt: 'x' })]).stream();
    expect((await post('/v1/completions', '', { body: small, duplex: 'half' } as RequestInit)).status).toBe(200);
    expect(log.map((entry) => entry.status)).toEqual([413, 413, 200]);
  });

  test('another content type, path or method is told what there is', async () => {
    const { server, post } = await listenFake();
    expect(await (await post('/v1/completions', { prompt: 'a' }, { headers: { 'Content-Type': 'text/plain' } })).json()).toMatchObject({ error: { code: 'unsupported_media_type', message: expect.stringMatching(/application\/json$/) } });
    const got = await fetch(`${server.url}/v1/chat/completions`);
    expect([got.status, got.headers.get('Allow'), await got.json()]).toMatchObject([405, 'POST', { error: { code: 'method_not_allowed' } }]);
    expect(await (await post('/v1/embeddings', {})).json()).toMatchObject({ error: { code: 'not_found', message: expect.stringMatching(/^there is no \/v1\/embeddings; there are \/v1\/chat/) } });
  });
});

describe('any body at all', () => {
  const known = fc.constantFrom('messages', 'prompt', 'model', 'stream', 'max_tokens', 'temperature', 'stop', 'seed', 'parallelcomp', 'n', 'tools', 'stream_options', 'top_k', 'logit_bias');
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(true, 1, 'fake', [{ role: 'user', content: 'a' }], ['a'], { contexts: 'a b' }, { question_tokens: 1, method: 'parallelcomp' }, { include_usage: true }));
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(fc.oneof(known, fc.string()), value), fc.record({ messages: fc.constant(messages), prompt: fc.string(), extra: fc.dictionary(known, value) }).map(({ extra, ...rest }) => ({ ...extra, ...rest })));

  test('gets an answer or a refusal in the shape of the API, never a failure', { timeout: 120_000 }, async () => {
    const server = await serveModel(fakeModel(), { port: 0 });
    onTestFinished(() => server.close());
    await fc.assert(fc.asyncProperty(body, fc.constantFrom('/v1/chat/completions', '/v1/completions'), async (body, path) => {
      const response = await fetch(server.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      const text = await response.text();
      if (response.status === 200) { expect(text).toMatch(/"choices":/); return; }
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(JSON.parse(text)).toEqual({ error: { message: expect.any(String), type: 'invalid_request_error', param: expect.toSatisfy((p: unknown) => p === null || typeof p === 'string'), code: expect.any(String) } });
    }), { numRuns: 500 });
  });
});
