import type { Decodable } from '../decode.js';
import type { Phases } from '../events.js';
import type { Decoder } from '../model/transformer.js';
import { scope } from '../scope.js';
import { spanned, spannedAsync } from '../spans.js';
import { prepareBatch, type PreparedBatch } from './batch.js';
import { inDocumentOrder, offer } from './chunkEviction.js';
import { type BatchMember, type ChunkState, detach, layAside, membersOf } from './chunkState.js';
import { type Chunk, chunkCount, chunkSize, chunksOf, longestPart, type Prompt } from './chunking.js';
import { type MemoryPlan, memoryPlan } from './memoryPlan.js';
import { mergeChunks } from './merge.js';
import type { ParallelCompOptions } from './options.js';
import { type Batch, chunkSpace, prefillBatch } from './prefill.js';
import { queryPass } from './queryPass.js';
import { type ChunkReport, type EvictionReport, evictionReport } from './report.js';

export interface PipelineHooks {
  /** How many chunks of up to `rows` rows go through the model at once, 1 unless said: it changes memory and speed, no result. */
  readonly inFlight?: ((plan: MemoryPlan, rows: number) => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onChunk?: (done: number, total: number) => void;
}

/** A prompt up to the first answer token, what was kept of it, and how long that took. The report is made when it is asked for. */
export interface Compressed { readonly state: Decodable; readonly report: () => EvictionReport; readonly phases: Phases }

/**
 * ParallelComp up to the first answer token: every chunk alone with the question (pass 1), the best by NLL kept in a
 * queue, their tokens thinned layer by layer, joined into one cache, and the question once more over it (pass 2).
 * At most `keepChunks` chunks and those in flight are in memory, whatever the document's length.
 */
export async function parallelComp(model: Decoder, prompt: Prompt, options: ParallelCompOptions, hooks: PipelineHooks = {}): Promise<Compressed> {
  const hasBos = prompt.bosId !== undefined;
  const question = withBos(prompt, options);
  const size = chunkSize(model.config, { ...prompt, question }, options);
  const total = chunkCount(prompt, size);
  const context = Math.min(size, longestPart(prompt)) + (hasBos ? 1 : 0);
  const rows = context + question.length;
  const plan = memoryPlan(model, options, hasBos, { context, question: question.length, chunks: total, maxTokens: prompt.maxTokens });
  const inFlight = Math.min(hooks.inFlight?.(plan, rows) ?? 1, total);
  const run = { question, hasBos, options, maxTokens: prompt.maxTokens, total, ...hooks };
  return await compress(model, run, passes(model, run, groupsOf(chunksOf(prompt, size, options.chunkCut), inFlight), { rows, inFlight }));
}

/** The question as the passes have it. */
export const withBos = ({ bosId, question }: Pick<Prompt, 'bosId' | 'question'>, { queryBos }: Pick<ParallelCompOptions, 'queryBos'>): readonly number[] =>
  bosId !== undefined && queryBos ? [bosId, ...question] : question;

/** What all steps know: `total` is the number of chunks. */
export interface Run extends Pick<PipelineHooks, 'signal' | 'onChunk'> {
  readonly question: readonly number[];
  readonly hasBos: boolean;
  readonly options: ParallelCompOptions;
  readonly maxTokens: number;
  readonly total: number;
}
/** Some chunks behind pass 1; the batch is freed when the next one is asked for. */
export interface Passed { readonly chunks: readonly Chunk[]; readonly batch: Batch }

/** Pass 1 of groups of chunks, one group after the other in the same memory: at most `inFlight` chunks of up to `rows` rows. */
export async function* passes(model: Decoder, { question, options, hasBos, signal }: Run, groups: Iterable<readonly Chunk[]>, { rows, inFlight }: { readonly rows: number; readonly inFlight: number }): AsyncGenerator<Passed> {
  using space = chunkSpace(model, rows, inFlight);
  const waiting = groups[Symbol.iterator]();
  const prepared = (): PreparedBatch | undefined => {
    const { done, value } = waiting.next();
    return done === true ? undefined : spanned('queue', 'prepare chunks', () => prepareBatch(value, question, options, hasBos));
  };
  let isFirst = true;
  for (let next = prepared(); next !== undefined;) {
    signal?.throwIfAborted();
    const { chunks } = next;
    const running = passed(next);
    // While the device works.
    const aside = isFirst ? layAside(model, next.layout, options) : undefined;
    isFirst = false;
    next = prepared();
    using batch = await running.finally(() => aside);
    yield { chunks, batch };
  }

  function passed(next: PreparedBatch): Promise<Batch> {
    return spannedAsync('steps', `chunks ${next.chunks.map((chunk) => chunk.index).join(', ')}`, () => prefillBatch(model, space, next, options, hasBos, signal));
  }
}

/** Everything behind pass 1, whatever did that: ranking, joining what is kept, and the question over it. */
export async function compress(model: Decoder, { question, hasBos, options, maxTokens, total, signal, onChunk }: Run, passed: AsyncIterable<Passed>): Promise<Compressed> {
  const began = performance.now();
  using owned = scope();
  const scored: Omit<ChunkReport, 'kept'>[] = [];
  const best: ChunkState[] = [];
  owned.own({ [Symbol.dispose]: () => { for (const chunk of best) chunk[Symbol.dispose](); } });
  for await (const { chunks, batch } of passed) {
    spanned('queue', 'keep the best', () => keepBest(model, best, membersOf(batch, chunks), options));
    for (const [i, { index, start, ids }] of chunks.entries()) {
      scored.push({ index, start, tokens: ids.length - (hasBos ? 1 : 0), nll: batch.nll[i] ?? NaN });
      onChunk?.(scored.length, total);
    }
  }

  const ranked = performance.now();
  const kept = inDocumentOrder(best);
  const firstPosition = Math.max(...kept.map((chunk) => chunk.context));
  const merged = spanned('steps', 'join what is kept', () => mergeChunks(model, kept, options, question.length, hasBos, question.length + maxTokens));
  const joined = performance.now();
  let left: Disposable = merged.cache;
  const { state, layers } = await spannedAsync('steps', 'question over it', async () => {
    const state = await queryPass(model, merged, question, firstPosition, maxTokens, signal);
    left = state.cache;
    return { state, layers: await merged.told() };
  }).catch((e: unknown) => {
    left[Symbol.dispose]();
    throw e;
  });
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  const phases = { chunks: seconds(began, ranked), merge: seconds(ranked, joined), query: seconds(joined, performance.now()) };
  return { state, phases, report: () => evictionReport(scored, kept.map((chunk) => chunk.index), layers(), firstPosition, options, hasBos) };
}

/** Brings `best` up to date with a batch: what falls out is freed before what comes in is copied. */
function keepBest(model: Decoder, best: ChunkState[], members: readonly BatchMember[], options: ParallelCompOptions): void {
  const offered = members.reduce<readonly (ChunkState | BatchMember)[]>((kept, member) => offer(kept, member, options.keepChunks).kept, best);
  for (const chunk of best) if (!offered.includes(chunk)) chunk[Symbol.dispose]();
  best.splice(0, best.length, ...offered.filter((chunk): chunk is ChunkState => !('batch' in chunk)));
  for (const [rank, chunk] of offered.entries()) if ('batch' in chunk) best.splice(rank, 0, detach(model, chunk, options));
}

/** Consecutive items in groups of `size`, the last one maybe smaller. */
export function* groupsOf(items: Iterable<Chunk>, size: number): Generator<readonly Chunk[]> {
  let group: Chunk[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
