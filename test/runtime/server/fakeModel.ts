import { setTimeout as after } from 'node:timers/promises';
import type { Document, PrefillRequest } from '../../../runtime/document.js';
import type { DoneEvent, GenerateEvent } from '../../../runtime/events.js';
import { openCpuDevice } from '../../../runtime/load.js';
import type { Model } from '../../../runtime/model.js';
import type { ChatMessage } from '../../../runtime/model/chatTemplate.js';
import type { GenerateRequest, QuestionRequest } from '../../../runtime/request.js';
import { tinyConfig } from '../../kit/tinyModel.js';

/** What the model was asked, in order. */
export type Call = { readonly kind: 'generate'; readonly request: GenerateRequest } | { readonly kind: 'prefill'; readonly request: PrefillRequest } | { readonly kind: 'ask'; readonly request: QuestionRequest };

export interface FakeOptions {
  readonly window?: number;
  /** Pieces of the answer to the rendered prompt; one token each. */
  readonly answer?: (prompt: string) => readonly string[];
  /** Milliseconds per chunk and per token. */
  readonly chunkMs?: number;
  readonly tokenMs?: number;
  /** Thrown in place of the answer's token with this number. */
  readonly fails?: { readonly at: number; readonly error: Error };
  readonly template?: boolean;
}

/** A model that only follows the protocol: a token is a word with the white space before it, and what it was asked is kept. */
export interface FakeModel extends Model { readonly calls: Call[]; /** Requests under way. */ readonly busy: number; readonly openDocuments: number }

const words = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/g) ?? [];
const renderAll = (messages: readonly ChatMessage[]): string => `${messages.map((m) => `<${m.role}> ${m.content}\n`).join('')}<assistant>`;
const listOf = (contexts: string | readonly string[] | undefined): readonly string[] => (contexts === undefined ? [] : typeof contexts === 'string' ? [contexts] : contexts);

export function fakeModel(options: FakeOptions = {}): FakeModel {
  const { answer = () => ['Hello', ' world'], chunkMs = 0, tokenMs = 0, window = 64, fails } = options;
  const calls: Call[] = [];
  const device = openCpuDevice();
  const encode = (text: string): number[] => words(text).map((_, i) => i);
  let busy = 0;
  let openDocuments = 0;

  const pause = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
    await (ms > 0 ? after(ms, undefined, { signal }).catch(() => {}) : Promise.resolve());
    signal?.throwIfAborted();
  };
  async function* speak(request: QuestionRequest, contexts: readonly string[], cached: boolean): AsyncGenerator<GenerateEvent> {
    busy++;
    try {
      const prompt = request.messages === undefined ? (request.question ?? '') : renderAll(request.messages);
      const all = answer(prompt);
      const said = all.slice(0, request.maxTokens);
      for (const [i, text] of said.entries()) {
        await pause(tokenMs, request.signal);
        if (fails?.at === i) throw fails.error;
        yield { type: 'token', id: i, text };
      }
      const context = contexts.reduce((n, text) => n + encode(text).length, 0);
      yield doneOf({ text: said.join(''), ids: said.map((_, i) => i), finishReason: said.length < all.length ? 'length' : 'stop', method: contexts.length > 0 ? 'parallelcomp' : 'full',
        usage: { contextTokens: context, queryTokens: encode(prompt).length, chunks: contexts.length, answerTokens: said.length, cachedTokens: cached ? context : 0 }, seed: request.seed });
    } finally {
      busy--;
    }
  }

  return {
    id: 'fake', calls, device, deviceChoice: undefined, dtype: 'f32', kvDtype: 'f32', waiting: 0, config: { ...tinyConfig, window },
    get busy() { return busy; },
    get openDocuments() { return openDocuments; },
    tokenizer: { bosId: 0, encode, decode: (ids) => ids.join(' ') },
    chatTemplate: options.template === false ? undefined : { render: renderAll },
    generate(request) {
      calls.push({ kind: 'generate', request });
      return speak(request, listOf(request.document), false);
    },
    async prefill(request): Promise<Document> {
      calls.push({ kind: 'prefill', request });
      const contexts = listOf(request.contexts);
      const tokens = contexts.reduce((n, text) => n + encode(text).length, 0);
      const chunks = Math.ceil(tokens / (window - (request.room ?? 0)));
      busy++;
      try {
        for (let done = 1; done <= chunks; done++) {
          await pause(chunkMs, request.signal);
          request.onProgress?.(done, chunks);
        }
      } finally {
        busy--;
      }
      openDocuments++;
      return {
        tokens, chunks, storedChunks: chunks, bytes: tokens,
        generate: (question) => {
          calls.push({ kind: 'ask', request: question });
          return speak(question, contexts, true);
        },
        [Symbol.asyncDispose]: async () => { openDocuments--; },
      };
    },
    negativeLogLikelihoods: () => Promise.reject(new Error('the fake predicts nothing')),
    [Symbol.asyncDispose]: () => device[Symbol.asyncDispose](),
  };
}

const doneOf = (told: Pick<DoneEvent, 'text' | 'ids' | 'finishReason' | 'method' | 'usage' | 'seed'>): DoneEvent => ({
  type: 'done', ...told, stopReason: undefined, eviction: undefined, peakBytes: 0, firstTop5: [],
  timings: { queue: 0, prefill: 0.5, decode: 0.25, tokensPerSecond: 4, phases: undefined },
});
