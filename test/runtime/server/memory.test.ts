import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../runtime/error.js';
import { listen, listenFake } from './listening.js';
import { fakeModel } from './fakeModel.js';

const ask = (word: string, words = 100) => ({ prompt: 'key?', max_tokens: 2, parallelcomp: { contexts: `${word} `.repeat(words) } });

describe('documents and memory', () => {
  test('one that is too large to be kept is read for its question alone', async () => {
    const { post, model } = await listenFake({ documentMemory: 10_000 });
    expect((await post('/v1/completions', ask('word', 1000))).status).toBe(200);
    expect(model.calls.map((c) => c.kind)).toEqual(['generate']);
  });

  test('a server that keeps none reads each for its question alone', async () => {
    const { post, model } = await listenFake({ documents: 0 });
    for (let i = 0; i < 2; i++) expect(await (await post('/v1/completions', ask('word'))).json()).toMatchObject({ usage: { prompt_tokens_details: { cached_tokens: 0 } } });
    expect(model.calls.map((c) => c.kind)).toEqual(['generate', 'generate']);
  });

  test.each<[string, RuntimeError]>([
    ['a full device', new RuntimeError('R014', 'not enough memory')],
    ['a budget that is used up', new RuntimeError('R403', 'memoryBudget is 5, it must be at least 9 bytes')],
  ])('%s frees the kept documents and reads on', async (_, error) => {
    const model = fakeModel();
    let full = false;
    const { post } = await listen({ ...model, prefill: (request) => (full && model.openDocuments > 0 ? Promise.reject(error) : model.prefill(request)) });
    expect((await post('/v1/completions', ask('one'))).status).toBe(200);
    full = true;
    expect((await post('/v1/completions', ask('two'))).status).toBe(200);
    expect(model.openDocuments).toBe(1);
  });

  test('a device that is full all the same is the server\'s failure, not the request\'s', async () => {
    const model = fakeModel();
    const { post } = await listen({ ...model, prefill: () => Promise.reject(new RuntimeError('R014', 'not enough memory')) });
    const response = await post('/v1/completions', ask('one'));
    expect([response.status, await response.json()]).toMatchObject([503, { error: { type: 'server_error', code: 'out_of_memory' } }]);
  });
});
