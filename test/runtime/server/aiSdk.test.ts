import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, type LanguageModel, streamText } from 'ai';
import { describe, expect, test } from 'vitest';
import type { FakeOptions } from './fakeModel.js';
import { listenFake } from './listening.js';

async function provide(fake: FakeOptions = {}): Promise<{ readonly chat: LanguageModel; readonly completion: LanguageModel; readonly calls: Awaited<ReturnType<typeof listenFake>>['model']['calls'] }> {
  const { server, model } = await listenFake({ apiKey: 'sesame' }, fake);
  const provider = createOpenAICompatible({ name: 'warpfold', baseURL: `${server.url}/v1`, apiKey: 'sesame', includeUsage: true });
  return { chat: provider.chatModel('fake'), completion: provider.completionModel('fake'), calls: model.calls };
}

describe("the AI SDK's provider for OpenAI-compatible servers", () => {
  test('generates text with usage', async () => {
    const { chat } = await provide();
    const { text, finishReason, usage } = await generateText({ model: chat, system: 'Be brief.', prompt: 'Say hello.', maxRetries: 0 });
    expect([text, finishReason, usage.inputTokens, usage.outputTokens]).toEqual(['Hello world', 'stop', 7, 2]);
  });

  test('streams text through a long prefill, with usage and the tokens that were cached', async () => {
    const { chat, calls } = await provide({ chunkMs: 2 });
    const request = { model: chat, prompt: 'What is the key?', maxRetries: 0, providerOptions: { warpfold: { parallelcomp: { contexts: 'word '.repeat(200) } } } };
    for (const cached of [0, 201]) {
      const { textStream, usage, finishReason } = streamText(request);
      const pieces: string[] = [];
      for await (const piece of textStream) pieces.push(piece);
      expect(pieces).toEqual(['Hello', ' world']);
      expect([await finishReason, (await usage).cachedInputTokens ?? 0]).toEqual(['stop', cached]);
    }
    expect(calls.map((c) => c.kind)).toEqual(['prefill', 'ask', 'ask']);
  });

  test('completes a prompt', async () => {
    const { completion } = await provide();
    expect((await generateText({ model: completion, prompt: 'Once', maxRetries: 0 })).text).toBe('Hello world');
  });

  test('tells what was wrong in the words of the server', async () => {
    const { chat } = await provide();
    const failing = generateText({ model: chat, prompt: 'Hi', temperature: 5, maxRetries: 0 });
    await expect(failing).rejects.toThrow(/^temperature: /);
    await expect(failing).rejects.toSatisfy((e) => APICallError.isInstance(e) && e.statusCode === 400);
  });

  test('stops the work when it aborts', async () => {
    const { chat, calls } = await provide({ tokenMs: 5, answer: () => Array.from({ length: 32 }, () => ' on') });
    const abort = new AbortController();
    const { textStream } = streamText({ model: chat, prompt: 'Go', abortSignal: abort.signal, maxRetries: 0, onError: () => {} });
    for await (const _piece of textStream) abort.abort();
    expect(calls.length).toBe(1);
    expect(calls[0]?.kind === 'generate' && calls[0].request.signal).toBeInstanceOf(AbortSignal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls[0]?.request.signal?.aborted).toBe(true);
  });
});
