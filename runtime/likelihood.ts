import { blockRows, type Decodable } from './decode.js';
import { RuntimeError } from './error.js';
import { layerOf } from './kvCache.js';
import { nllOf } from './model/nll.js';
import { ropeTable } from './model/rope.js';
import { finalNorm, forward, workspace } from './model/transformer.js';
import type { Prompt } from './parallelComp/chunking.js';
import { outOfRange } from './parallelComp/options.js';
import type { EvictionReport } from './parallelComp/report.js';
import { contextLength, encodeDocument, type Speaker } from './prompt.js';
import { readBy } from './read.js';
import type { GenerateRequest, ReadMethod } from './request.js';
import { scope } from './scope.js';

/** A text whose tokens are to be predicted, and what stands in front of it. */
export interface LikelihoodRequest extends Pick<GenerateRequest, 'method' | 'parallelComp' | 'memoryBudget' | 'signal' | 'onProgress'> {
  /** What is read first; a list where its parts must not share a chunk. */
  readonly context: string | readonly string[];
  /** The text whose tokens are predicted, each from all before it. It is given to no choice: what is kept does not know it. */
  readonly continuation: string;
  /** How many of the context's last tokens ParallelComp takes as its question: they rank chunks and tokens, and are read in full. A sixteenth of the window unless said. */
  readonly questionTokens?: number | undefined;
}

/** How well a text was predicted. `nll`: −ln p of each of its tokens `ids`; `mean` of them, whose exponential is the perplexity. */
export interface Likelihoods {
  readonly method: ReadMethod;
  readonly ids: readonly number[];
  readonly nll: readonly number[];
  readonly mean: number;
  readonly contextTokens: number;
  /** Seconds: reading the context, and predicting. */
  readonly timings: { readonly prefill: number; readonly predict: number };
  readonly eviction: EvictionReport | undefined;
  readonly peakBytes: number;
}

/** Reads the context by the request's method, then predicts every token of the continuation from those before it. */
export async function likelihoods(model: Speaker, request: LikelihoodRequest): Promise<Likelihoods> {
  const prompt = await promptOf(model, request);
  const ids = model.tokenizer.encode(request.continuation);
  if (ids.length === 0) throw new RuntimeError('R404', 'the continuation is empty', { remedy: 'give the text that is to be predicted' });
  const began = performance.now();
  const { method, state, report } = await readBy(model, { ...prompt, maxTokens: ids.length }, request);
  const read = performance.now();
  const nll = await predict(model, state, ids, request.signal);
  return {
    method, ids, nll, mean: nll.reduce((sum, x) => sum + x, 0) / nll.length, contextTokens: contextLength(prompt) + prompt.question.length,
    timings: { prefill: (read - began) / 1000, predict: (performance.now() - read) / 1000 }, eviction: report?.(), peakBytes: model.device.stats().peakBytes,
  };
}

/** The context's last tokens become the question: the same ids in the same order. */
async function promptOf(model: Speaker, { context, signal, questionTokens = Math.max(1, Math.floor(model.config.window / 16)) }: LikelihoodRequest): Promise<Omit<Prompt, 'maxTokens'>> {
  if (!Number.isInteger(questionTokens) || questionTokens < 1) throw outOfRange('questionTokens', questionTokens, 'a whole number from 1', 'leave it out for a sixteenth of the window');
  const parts = (await encodeDocument(model, context, signal)).filter((part) => part.length > 0);
  const last = parts.at(-1) ?? [];
  // Something is left to be read in chunks.
  const cut = Math.max(parts.length > 1 || last.length === 1 ? 0 : 1, last.length - questionTokens);
  const before = cut > 0 ? [last.slice(0, cut)] : [];
  return { context: [...parts.slice(0, -1), ...before], question: last.slice(cut), bosId: model.tokenizer.bosId };
}

/** −ln p of each of `ids` behind a prompt that has been read; frees the prompt's cache. */
async function predict(model: Speaker, state: Decodable, ids: readonly number[], signal?: AbortSignal): Promise<readonly number[]> {
  using owned = scope();
  owned.own(state.cache);
  const [first = 0] = ids;
  const rows = Math.min(blockRows, ids.length);
  const ws = owned.own(workspace(model, rows));
  const nll: number[] = [surprise(state.logits, first)];
  for (let from = 0; from < ids.length - 1; from += rows) {
    const to = Math.min(from + rows, ids.length - 1);
    signal?.throwIfAborted();
    using rope = ropeTable(model.device, model.config, state.position + from, to - from);
    const h = await forward(model, ws, {
      ids: ids.slice(from, to), rope, rows: { kind: 'sequence', first: state.filled + from, outputFrom: 0 }, cache: (l) => layerOf(state.cache, l), ahead: 2, signal,
    });
    nll.push(...(await nllOf(model, finalNorm(model, ws, h), ids.slice(from + 1, to + 1))));
  }
  return nll;
}

/** −ln p of a token by the scores of all. */
function surprise(logits: Float32Array, id: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - largest), 0)) - (logits[id] ?? -Infinity);
}
