import { type Decodable, decode, readPrompt } from './decode.js';
import { RuntimeError } from './error.js';
import { detokenizer } from './model/detokenizer.js';
import type { Tokenizer } from './model/tokenizer.js';
import type { Decoder } from './model/transformer.js';
import { chunkSize, type Prompt } from './parallelComp/chunking.js';
import { inFlightOn } from './parallelComp/inFlight.js';
import type { MemoryPlan } from './parallelComp/memoryPlan.js';
import { complete, type GivenOptions, type ParallelCompOptions } from './parallelComp/options.js';
import { parallelComp } from './parallelComp/pipeline.js';
import type { EvictionReport } from './parallelComp/report.js';
import { topLogits } from './sample.js';

/** `auto`: the plain model where the prompt fits the trained window, else ParallelComp. `full`: plain attention however long the prompt. */
export type Method = 'auto' | 'parallelcomp' | 'full';

export interface GenerateRequest {
  /** The document; a list where its parts must not share a chunk. */
  readonly document: string | readonly string[];
  /** Follows the document as it stands. */
  readonly question: string;
  readonly method?: Method | undefined;
  /** Longest answer in tokens; 64 unless said. */
  readonly maxTokens?: number | undefined;
  readonly parallelComp?: GivenOptions | undefined;
  /**
   * Bytes that ParallelComp's tensors may take on the device, weights included; as many chunks are read at once as fit.
   * Unless said: one on a processor, on a GPU what keeps it busy. It changes no answer.
   */
  readonly memoryBudget?: number | undefined;
  /** Aborts between launches, in the prompt's passes too; a token of the answer is one launch on a GPU. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the prompt is read: chunks, or rows of a plain prompt. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Usage { readonly contextTokens: number; readonly queryTokens: number; readonly chunks: number; readonly answerTokens: number }
/** Seconds. `prefill` ends when the first token can be chosen; `tokensPerSecond` counts the tokens after it. */
export interface Timings { readonly prefill: number; readonly decode: number; readonly tokensPerSecond: number }

/** One token of the answer; `text` is what it adds, empty while a character is incomplete. */
export interface TokenEvent { readonly type: 'token'; readonly id: number; readonly text: string }
export interface DoneEvent {
  readonly type: 'done';
  readonly method: 'parallelcomp' | 'full';
  readonly text: string;
  readonly ids: readonly number[];
  readonly usage: Usage;
  readonly timings: Timings;
  /** What was kept and why; undefined on the plain path. */
  readonly eviction: EvictionReport | undefined;
  /** Most memory the device has held, weights included. */
  readonly peakBytes: number;
  /** The five largest logits of the first step, descending. */
  readonly firstTop5: readonly (readonly [id: number, logit: number])[];
}
export type GenerateEvent = TokenEvent | DoneEvent;

/**
 * Answers a question about a document: one event per token, then one with the account. Leaving the iteration early frees
 * everything. Throws R401 for an empty document, R404 for an empty question, R402 for a question beyond the window,
 * R403 for an option out of range; the signal's reason when it fires.
 */
export async function* generate(model: Decoder & { readonly tokenizer: Tokenizer }, request: GenerateRequest): AsyncGenerator<GenerateEvent> {
  const { signal } = request;
  const stop = (): void => model.device.cancel();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', stop);
  try {
    yield* answer(model, request);
  } catch (e) {
    // Dropped work rejects with the device's own error; the caller asked for the signal's.
    signal?.throwIfAborted();
    throw e;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function* answer(model: Decoder & { readonly tokenizer: Tokenizer }, request: GenerateRequest): AsyncGenerator<GenerateEvent> {
  const { tokenizer, config, device } = model;
  const prompt = encode(tokenizer, request);
  const options = complete(request.parallelComp ?? {});
  const began = performance.now();
  const { method, state, report } = await read(model, prompt, options, request);
  const started = performance.now();
  const words = detokenizer(tokenizer.decode);
  const ids: number[] = [];
  let text = '';
  const firstTop5 = topLogits(state.logits, 5);
  for await (const { id } of decode(model, state, prompt.maxTokens, config.eosIds, request.signal)) {
    ids.push(id);
    const added = words.push(id);
    text += added;
    yield { type: 'token', id, text: added };
  }
  text += words.end();
  const seconds = (performance.now() - started) / 1000;
  yield {
    type: 'done', method, text, ids, eviction: report, firstTop5, peakBytes: device.stats().peakBytes,
    usage: { contextTokens: contextLength(prompt), queryTokens: prompt.question.length, chunks: report?.chunks.length ?? 0, answerTokens: ids.length },
    timings: { prefill: (started - began) / 1000, decode: seconds, tokensPerSecond: ids.length > 1 ? (ids.length - 1) / seconds : 0 },
  };
}

/** Ids of document and question, encoded apart. */
function encode(tokenizer: Tokenizer, { document, question, maxTokens = 64 }: GenerateRequest): Prompt {
  if (!Number.isInteger(maxTokens) || maxTokens < 1) throw new RuntimeError('R403', `maxTokens is ${maxTokens}, it must be a whole number from 1`, { remedy: 'let the answer have at least one token' });
  const parts = typeof document === 'string' ? [document] : document;
  const prompt = { context: parts.map((part) => tokenizer.encode(part)), question: tokenizer.encode(question), bosId: tokenizer.bosId, maxTokens };
  if (parts.every((part) => part.trim() === '')) throw new RuntimeError('R401', 'the document is empty', { remedy: 'give a document with some text' });
  if (prompt.question.length === 0) throw new RuntimeError('R404', 'the question is empty', { remedy: 'say what the document is to be asked' });
  return prompt;
}

const contextLength = (prompt: Prompt): number => prompt.context.reduce((n, part) => n + part.length, 0);

interface Read { readonly method: 'parallelcomp' | 'full'; readonly state: Decodable; readonly report: EvictionReport | undefined }

async function read(model: Decoder, prompt: Prompt, options: ParallelCompOptions, { method = 'auto', signal, onProgress, memoryBudget }: GenerateRequest): Promise<Read> {
  const ids = [...(prompt.bosId === undefined ? [] : [prompt.bosId]), ...prompt.context.flat(), ...prompt.question];
  if (method === 'full' || (method === 'auto' && ids.length <= model.config.window)) {
    // Only for its refusal: a question must fit the window on every path.
    if (ids.length > model.config.window) chunkSize(model.config, { ...prompt, maxTokens: 0 }, { chunkTokens: undefined });
    return { method: 'full', state: await readPrompt(model, ids, prompt.maxTokens, signal, onProgress), report: undefined };
  }
  const inFlight = (plan: MemoryPlan, rows: number): number => inFlightOn(model.device, memoryBudget, plan, rows);
  return { method: 'parallelcomp', ...(await parallelComp(model, prompt, options, { signal, inFlight, ...(onProgress ? { onChunk: onProgress } : {}) })) };
}
