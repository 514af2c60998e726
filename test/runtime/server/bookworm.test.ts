import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DoneEvent } from '../../../runtime/events.js';
import { loadModel } from '../../../runtime/load.js';
import type { Model } from '../../../runtime/model.js';
import type { GenerateRequest } from '../../../runtime/request.js';
import { listen, until } from './listening.js';

const bookworm = fileURLToPath(new URL('../../../examples/bookworm/', import.meta.url));
const novel = readFileSync(fileURLToPath(new URL('../../../examples/texts/pride-and-prejudice.txt', import.meta.url)), 'utf8').slice(0, 24_000);
const place = novel.indexOf('. ', 12_000) + 1;
const contexts = `${novel.slice(0, place)} The pass key is 14177. Remember it. 14177 is the pass key.${novel.slice(place)}`;
const question = '\nQuestion: What is the pass key?\nAnswer: The pass key is';
const options = { chunkTokens: 760, chunkCut: 'fixed', keepChunks: 2, capacity: 450 } as const;
const wire = { chunk_tokens: 760, chunk_cut: 'fixed', keep_chunks: 2, capacity: 450 } as const;
/** Puts the messages' words one behind the other, as the model was trained to go on. */
const template = "{{ bos_token }}{% for m in messages %}{% if m.role == 'wizard' %}{{ raise_exception('no wizards') }}{% endif %}{{ m.content }}{% endfor %}";

/** bookworm with a chat template, which it does not have of its own. */
function withTemplate(): string {
  const dir = mkdtempSync(join(tmpdir(), 'bookworm-'));
  for (const name of readdirSync(bookworm)) symlinkSync(join(bookworm, name), join(dir, name));
  writeFileSync(join(dir, 'chat_template.jinja'), template);
  return dir;
}

const dir = withTemplate();
let model: Model;
beforeAll(async () => { model = await loadModel(dir, { device: 'cpu' }); });
afterAll(async () => {
  await model[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** What the model says when it is asked without a server. */
async function said(request: GenerateRequest): Promise<DoneEvent> {
  for await (const event of model.generate(request)) if (event.type === 'done') return event;
  throw new Error('no end');
}

/** Fields of ours that OpenAI's types do not know. */
const ours = (parallelcomp: object): object => ({ parallelcomp });

describe('a served model', () => {
  test('gives a short prompt the tokens of the plain model', async () => {
    const { client } = await listen(model);
    const { text } = await said({ question: 'The road went on', method: 'full', maxTokens: 12 });
    expect((await client.completions.create({ model: model.id, prompt: 'The road went on', max_tokens: 12 })).choices[0]?.text).toBe(text);
  });

  test('answers about a long document as the model does without a server, and once more without reading it again', async () => {
    const { client } = await listen(model);
    const alone = await said({ document: contexts, question, maxTokens: 8, parallelComp: options });
    expect(alone.method).toBe('parallelcomp');
    const ask = () => client.completions.create({ model: model.id, prompt: question, max_tokens: 8, ...ours({ ...wire, contexts }) });
    const [first, second] = [await ask(), await ask()];
    expect([first.choices[0]?.text, second.choices[0]?.text]).toEqual([alone.text, alone.text]);
    expect(first).toMatchObject({ parallelcomp: { method: 'parallelcomp', chunks: alone.eviction?.chunks.map(({ index, tokens, kept }) => ({ index, tokens, kept })) }, usage: { prompt_tokens: alone.usage.contextTokens + alone.usage.queryTokens, prompt_tokens_details: { cached_tokens: 0 } } });
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBe(alone.usage.contextTokens);
  });

  test('keeps a document that fits the window too, and gives the tokens of the plain model', async () => {
    const { client } = await listen(model);
    const short = contexts.slice(place - 600, place + 600);
    const alone = await said({ question: short + question, method: 'full', maxTokens: 8 });
    for (const cached of [0, model.tokenizer.encode(short).length]) {
      const answer = await client.completions.create({ model: model.id, prompt: question, max_tokens: 8, ...ours({ contexts: short }) });
      expect([answer.choices[0]?.text, answer.usage?.prompt_tokens_details?.cached_tokens]).toEqual([alone.text, cached]);
    }
  });

  test('splits a prompt that is longer than the window into document and question', async () => {
    const { client } = await listen(model);
    const alone = await said({ document: contexts, question: `\n${question}`, maxTokens: 8, parallelComp: options });
    const answer = await client.completions.create({ model: model.id, prompt: `${contexts}\n${question}`, max_tokens: 8, ...ours(wire) });
    expect(answer.choices[0]?.text).toBe(alone.text);
  });

  test('chats through its template, and in a stream cuts at a stop text', async () => {
    const { client } = await listen(model);
    const { text } = await said({ question: 'The road went on', maxTokens: 12 });
    const stop = text.slice(5, 8);
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'system', content: 'The road' }, { role: 'user', content: ' went on' }];
    let streamed = '';
    let reason: string | null | undefined;
    for await (const chunk of await client.chat.completions.create({ model: model.id, messages, max_tokens: 12, stop, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
      reason = chunk.choices[0]?.finish_reason ?? reason;
    }
    expect([streamed, reason]).toEqual([text.slice(0, text.indexOf(stop)), 'stop']);
  });

  test('draws the same tokens from the same seed', async () => {
    const { client } = await listen(model);
    const draw = async (seed: number) => (await client.completions.create({ model: model.id, prompt: 'The road went on', max_tokens: 12, temperature: 1.2, seed })).choices[0]?.text;
    expect(await draw(7)).toBe(await draw(7));
    expect(new Set([await draw(1), await draw(2), await draw(3)]).size).toBeGreaterThan(1);
  });

  test('gives 64 clients at once the answers each would get alone, and takes no more memory', async () => {
    const { client } = await listen(model);
    const prompts = ['The road went on', 'It was', 'She said', 'In the morning', 'He looked', 'There is', 'A letter', 'My dear'];
    const alone: string[] = [];
    for (const prompt of prompts) alone.push((await said({ question: prompt, maxTokens: 2 })).text);
    const free = model.device.stats().allocatedBytes;
    const answers = await Promise.all(Array.from({ length: 64 }, (_, i) => client.completions.create({ model: model.id, prompt: prompts[i % prompts.length] ?? '', max_tokens: 2 })));
    expect(answers.map((answer) => answer.choices[0]?.text)).toEqual(Array.from({ length: 64 }, (_, i) => alone[i % alone.length]));
    expect(model.device.stats().allocatedBytes).toBe(free);
  });

  test('says what the model refuses in the words of the request', async () => {
    const { client } = await listen(model);
    const asked = client.completions.create({ model: model.id, prompt: question, max_tokens: 8, ...ours({ contexts, chunk_tokens: 5000 }) });
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'parallelcomp.chunk_tokens', code: 'invalid_value', message: expect.stringMatching(/^400 parallelcomp\.chunk_tokens is 5000, it must be a whole number from 1 to 1022/) });
  });

  test('frees what a request took when its client goes away in the prefill, and answers the next one right', async () => {
    const { client, post, log } = await listen(model);
    const free = model.device.stats().allocatedBytes;
    const abort = new AbortController();
    const response = await post('/v1/completions', { prompt: question, stream: true, max_tokens: 8, ...ours({ ...wire, contexts: contexts.repeat(4) }) }, { signal: abort.signal });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^: prefill 1\//);
    abort.abort();
    await until(() => log.length === 1, 'the request has ended');
    expect(log).toMatchObject([{ status: 499 }]);
    expect(model.device.stats().allocatedBytes).toBe(free);
    const { text } = await said({ question: 'The road went on', maxTokens: 4 });
    expect((await client.completions.create({ model: model.id, prompt: 'The road went on', max_tokens: 4 })).choices[0]?.text).toBe(text);
  });
});
