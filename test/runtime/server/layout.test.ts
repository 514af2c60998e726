import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ApiError } from '../../../runtime/server/apiError.js';
import type { Asked, Question } from '../../../runtime/server/asked.js';
import { type Layout, layOut, type Reader, usualLimit } from '../../../runtime/server/layout.js';

const encode = (text: string): number[] => (text.match(/\s*\S+|\s+$/g) ?? []).map((_, i) => i);
const render = (question: Question): string => (question.kind === 'prompt' ? question.prompt : question.messages.map((m) => `<${m.role}> ${m.content}`).join('\n'));
const readerOf = (window: number): Reader => ({ window, encode, render });

const base: Asked = {
  question: { kind: 'prompt', prompt: '' }, contexts: undefined, questionTokens: undefined, method: 'auto', maxTokens: undefined, usualTokens: undefined, model: undefined, stream: false, includeUsage: false, parallelComp: {},
  sampling: { temperature: 0, topP: undefined, topK: undefined, minP: undefined, seed: undefined, stop: [], stopTokenIds: [], ignoreEos: false },
};
const text = fc.array(fc.constantFrom('word', 'key?', ' ', '\n', '\n\n'), { maxLength: 200 }).map((parts) => parts.join(''));
const prompt = text.map((t): Question => ({ kind: 'prompt', prompt: t }));
const chat = fc.array(fc.record({ role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const), content: text }), { minLength: 1, maxLength: 6 }).map((messages): Question => ({ kind: 'chat', messages }));
const asked = fc.record({ question: fc.oneof(prompt, chat), contexts: fc.option(fc.array(text, { minLength: 1, maxLength: 3 }), { nil: undefined }), maxTokens: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }), usualTokens: fc.constantFrom(undefined, 16), questionTokens: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }) }).map((given): Asked => ({ ...base, ...given }));
const window = fc.integer({ min: 16, max: 96 });

/** The layout, or undefined where it is refused as a mistake of the request. */
function tried(asked: Asked, window: number): Layout | undefined {
  try {
    return layOut(asked, readerOf(window), usualLimit(window));
  } catch (e) {
    if (e instanceof ApiError && e.status === 400) return undefined;
    throw e;
  }
}

const squeeze = (text: string): string => text.replace(/\s+/g, '');

describe('how a request is read', () => {
  test.prop([asked, window], { numRuns: 300 })('what is read fits the window with its answer, whatever was asked', (asked, window) => {
    const layout = tried(asked, window);
    if (layout === undefined) return;
    const question = encode(render(layout.question)).length;
    expect(layout.maxTokens).toBeGreaterThanOrEqual(1);
    expect(layout.maxTokens).toBeLessThanOrEqual(asked.maxTokens ?? usualLimit(window));
    if (layout.kind === 'once') {
      const context = (layout.contexts ?? []).reduce((n, t) => n + encode(t).length, 0);
      expect(1 + context + question + layout.maxTokens).toBeLessThanOrEqual(window);
    } else {
      expect(question + layout.maxTokens).toBeLessThanOrEqual(layout.room);
      expect(layout.room).toBeLessThan(window - 1);
      expect(layout.contexts.some((t) => t.trim() !== '')).toBe(true);
    }
  });

  test.prop([asked, window], { numRuns: 300 })('no word of the request is lost', (asked, window) => {
    const layout = tried(asked, window);
    if (layout === undefined) return;
    const words = (texts: readonly string[]): string => squeeze(texts.join('')).split('').sort().join('');
    expect(words([...(layout.contexts ?? []), render(layout.question)])).toBe(words([...(asked.contexts ?? []), render(asked.question)]));
  });

  test.prop([fc.oneof(prompt, chat), window])('a prompt that leaves room for its answer is read as it stands', (question, window) => {
    const tokens = encode(render(question)).length;
    fc.pre(1 + tokens + 1 <= window - (window >> 4));
    expect(tried({ ...base, question, maxTokens: 1 }, window)).toEqual({ kind: 'once', contexts: undefined, question, method: 'full', maxTokens: 1 });
  });

  const book = 'word '.repeat(300);
  test('of a conversation the longest message is the document, and its last paragraph stays', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: `${book}\n\nWhat is the key?` }] as const;
    expect(tried({ ...base, question: { kind: 'chat', messages } }, 64)).toMatchObject({ kind: 'document', contexts: [book], question: { messages: [messages[0], { role: 'user', content: 'What is the key?' }] }, room: 16 });
  });

  test('of a long conversation as many messages as need be become the document, in their order', () => {
    const turn = (i: number) => ({ role: i % 2 === 0 ? 'user' as const : 'assistant' as const, content: `${`${i} `.repeat(20 + i)}\n\nend ${i}` });
    const messages = [...Array.from({ length: 8 }, (_, i) => turn(i)), { role: 'user' as const, content: 'And now?' }];
    const layout = tried({ ...base, question: { kind: 'chat', messages } }, 128);
    expect(layout).toMatchObject({ kind: 'document', question: { messages: expect.arrayContaining([{ role: 'user', content: 'And now?' }]) } });
    expect(layout?.contexts?.map((t) => t[0])).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  test('question_tokens sets the question', () => {
    expect(tried({ ...base, question: { kind: 'prompt', prompt: `${book}one two three` }, questionTokens: 2 }, 64)).toMatchObject({ kind: 'document', question: { prompt: ' two three' } });
  });

  test('a longer answer takes more of the window, in steps', () => {
    const question: Question = { kind: 'prompt', prompt: 'key?' };
    const rooms = [1, 15, 16, 31, 32].map((maxTokens) => tried({ ...base, contexts: [book], question, maxTokens }, 64)).map((l) => (l?.kind === 'document' ? l.room : undefined));
    expect(rooms).toEqual([16, 16, 32, 32, 48]);
  });

  test.each(['full', 'truncated', 'streaming'] as const)('%s reads everything in one go, however long', (method) => {
    expect(tried({ ...base, contexts: [book], question: { kind: 'prompt', prompt: 'key?' }, method }, 64)).toMatchObject({ kind: 'once', contexts: [book], method, maxTokens: 16 });
  });
});
