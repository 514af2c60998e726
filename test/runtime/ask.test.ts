import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type AskOptions, type AskResult, ask } from '../../runtime/commands.js';

const model = fileURLToPath(new URL('../../examples/bookworm/', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'ask-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const filler = 'The road went on through the hills, and nobody spoke for a long while. ';
const document = file('long.txt', `${filler.repeat(30)} The pass key is 14177. Remember it. 14177 is the pass key. ${filler.repeat(60)}`);
const question = '\nQuestion: What is the pass key?\nAnswer: The pass key is';
const options: AskOptions = { model, document, question, maxTokens: 8, keepChunks: 2, capacity: 256, device: 'cpu' };

async function run(options: AskOptions): Promise<{ readonly text: string; readonly result: AskResult }> {
  let text = '';
  for await (const event of ask(options)) {
    if (event.type === 'result') return { text, result: event.result };
    if (event.type === 'token') text += event.text;
  }
  throw new Error('no result');
}

describe('ask', () => {
  test('says which device it took and why, unless it was told', async () => {
    const text = file('short.txt', filler);
    const kinds = async (device: AskOptions['device']): Promise<readonly string[]> => {
      const seen: string[] = [];
      for await (const event of ask({ ...options, document: text, maxTokens: 1, device })) seen.push(event.type === 'device' ? event.text : event.type);
      return seen;
    };
    expect(await kinds(undefined)).toEqual([expect.stringMatching(/^running on /), 'token', 'result']);
    expect(await kinds('cpu')).toEqual(['token', 'result']);
  });

  test('finds a fact beyond the window, streams the answer and says what was kept', async () => {
    const progress = new Set<string>();
    const { text, result } = await run({ ...options, calibration: 'paper', onProgress: (stage, done, total) => progress.add(`${stage} ${done}/${total}`) });
    expect(result.answer).toContain('14177');
    expect(result.answer.startsWith(text)).toBe(true);
    expect(result.method).toBe('parallelcomp');
    expect(result.chunks.reduce((n, c) => n + c.tokens, 0)).toBe(result.usage.contextTokens);
    expect(result.chunks.filter((c) => c.kept).length).toBe(2);
    expect(result.excludedPerLayer?.length).toBe(6);
    expect(result.firstTop5[0]?.[0]).toBe(result.ids[0]);
    expect(result.peakBytes).toBeGreaterThan(0);
    expect([...progress].filter((p) => p.startsWith('prefill'))).toEqual(result.chunks.map((_, i) => `prefill ${i + 1}/${result.chunks.length}`));
    expect(progress.has('load 56/56')).toBe(true);
  });

  test('gives plain data: no chunks on the plain path', async () => {
    const { result } = await run({ ...options, document: file('short.txt', `${filler} The pass key is 14177. Remember it. 14177 is the pass key.`) });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result).toMatchObject({ method: 'full', chunks: [], excludedPerLayer: null, usage: { chunks: 0 } });
    expect(result.answer).toContain('14177');
  });

  test('asks several questions of documents that are read once, as it asks each alone', async () => {
    const other = file('other.txt', `${filler.repeat(30)} The secret number of Ursula is 86570. ${filler.repeat(30)}`);
    const questions = [question, '\nQuestion: What is the secret number of Ursula?\nAnswer: The secret number of Ursula is'];
    const sampled: AskOptions = { ...options, document: [document, other], method: 'parallelcomp', chunkTokens: 400, temperature: 0.3, topK: 3, seed: 7 };
    const results: AskResult[] = [];
    for await (const event of ask({ ...sampled, question: questions })) if (event.type === 'result') results.push(event.result);
    expect(results.map((r) => [r.question, r.seed])).toEqual(questions.map((q) => [q, 7]));
    expect(results.every((r) => r.usage.cachedTokens === r.usage.contextTokens)).toBe(true);
    for (const [i, asked] of questions.entries()) {
      const { result } = await run({ ...sampled, question: asked });
      expect(results[i]?.ids).toEqual(result.ids);
      expect(results[i]?.chunks.map((c) => [c.tokens, c.kept])).toEqual(result.chunks.map((c) => [c.tokens, c.kept]));
      expect(result.usage.cachedTokens).toBe(0);
    }
  });

  test('ends in front of a stop text, which is told apart from the longest answer', async () => {
    const whole = await run({ ...options, maxTokens: 8 });
    const stopped = await run({ ...options, maxTokens: 8, stop: ['177', 'never'] });
    expect([whole.result.finishReason, stopped.result.finishReason]).toEqual(['length', 'stop']);
    expect(stopped.text).toBe(whole.text.slice(0, whole.text.indexOf('177')));
    expect(stopped.result.answer).toBe(stopped.text);
  });

  test.each<[string, Partial<AskOptions>, string]>([
    ['a document that is not there', { document: join(dir, 'nowhere.txt') }, 'R405'],
    ['a document that is a folder', { document: dir }, 'R405'],
    ['an empty document', { document: file('empty.txt', '') }, 'R401'],
    ['a model that is not there', { model: join(dir, 'nowhere') }, 'R301'],
    ['a question longer than the window', { question: filler.repeat(100) }, 'R402'],
    ['no chunk to keep', { keepChunks: 0 }, 'R403'],
    ['an impossible threshold', { threshold: 2 }, 'R403'],
    ['an impossible share', { temperature: 1, topP: 2 }, 'R403'],
    ['an impossible chunk of several questions', { question: [question, question], chunkTokens: 5000 }, 'R403'],
  ])('%s is refused with a code', async (_, changes, code) => {
    await expect(run({ ...options, ...changes })).rejects.toMatchObject({ code });
  });
});
