import { abortable } from './abortable.js';
import type { DoneEvent, GenerateEvent } from './events.js';
import { tokenTexts } from './model/detokenizer.js';
import type { Prompt } from './parallelComp/chunking.js';
import { contextLength, encodePrompt, type Speaker } from './prompt.js';
import { readBy, type Reading } from './read.js';
import type { GenerateRequest, QuestionRequest } from './request.js';
import { samplerOf } from './sampler.js';
import { readingSpan, spannedAsync } from './spans.js';
import { speak } from './speak.js';

/**
 * Answers a question about a document, or goes on behind a prompt: one event per token, then one with the account. Leaving
 * the iteration early frees everything. Throws R401 for an empty document, R404 for an empty question, R409 for a question
 * and messages at once, R406 and R407 for messages that no template takes, R402 for a question beyond the window, R403 for
 * an option out of range; the signal's reason when it fires.
 */
export async function* generate(model: Speaker, request: GenerateRequest): AsyncGenerator<GenerateEvent> {
  yield* abortable(model.device, request.signal, answer(model, request, async () => await encodePrompt(model, request), async (prompt) => await readBy(model, prompt, request)));
}

/** A prompt encoded, read and answered. */
export async function* answer(model: Speaker, request: QuestionRequest, encode: () => Promise<Prompt>, read: (prompt: Prompt) => Promise<Reading>): AsyncGenerator<GenerateEvent> {
  const sampler = samplerOf(request);
  const { prompt, began, reading } = await spannedAsync(readingSpan.lane, readingSpan.name, async () => {
    const prompt = await encode();
    return { prompt, began: performance.now(), reading: await read(prompt) };
  });
  const { method, state, phases, cachedTokens } = reading;
  const started = performance.now();
  const spoken = yield* speak(model, state, request, sampler, prompt.maxTokens);
  const seconds = (performance.now() - started) / 1000;
  const answerTokens = spoken.ids.length;
  const report = reading.report?.();
  const eviction = report && (request.detail === true ? { ...report, tokens: tokenTexts(model.tokenizer.decode, prompt.context.flat()) } : report);
  const done: DoneEvent = {
    type: 'done', method, ...spoken, eviction, seed: sampler.seed, peakBytes: model.device.stats().peakBytes,
    usage: { contextTokens: contextLength(prompt), queryTokens: prompt.question.length, chunks: report?.chunks.length ?? 0, answerTokens, cachedTokens },
    timings: { queue: 0, prefill: (started - began) / 1000, decode: seconds, tokensPerSecond: answerTokens > 1 ? (answerTokens - 1) / seconds : 0, phases },
  };
  yield done;
}
