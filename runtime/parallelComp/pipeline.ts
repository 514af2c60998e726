import type { Decodable } from '../decode.js';
import type { Decoder } from '../model/transformer.js';
import { scope } from '../scope.js';
import { inDocumentOrder, offer } from './chunkEviction.js';
import { chunkCount, chunkSize, chunksOf, longestPart, type Prompt } from './chunking.js';
import { mergeChunks } from './merge.js';
import type { ParallelCompOptions } from './options.js';
import { type ChunkState, chunkSpace, prefillChunk } from './prefill.js';
import { queryPass } from './queryPass.js';
import { type ChunkReport, type EvictionReport, evictionReport } from './report.js';

export interface PipelineHooks { readonly signal?: AbortSignal | undefined; readonly onChunk?: (done: number, total: number) => void }

/**
 * ParallelComp up to the first answer token: every chunk alone with the question (pass 1), the best by NLL kept in a
 * queue, their tokens thinned layer by layer, joined into one cache, and the question once more over it (pass 2).
 * At most `keepChunks` chunks and the one in work are in memory, whatever the document's length.
 */
export async function parallelComp(model: Decoder, prompt: Prompt, options: ParallelCompOptions, hooks: PipelineHooks = {}): Promise<{ readonly state: Decodable; readonly report: EvictionReport }> {
  const hasBos = prompt.bosId !== undefined;
  const question = hasBos && options.queryBos ? [prompt.bosId, ...prompt.question] : prompt.question;
  const size = chunkSize(model.config, { ...prompt, question }, options);
  const total = chunkCount(prompt, size);

  using owned = scope();
  const scored: Omit<ChunkReport, 'kept'>[] = [];
  let best: readonly ChunkState[] = [];
  owned.own({ [Symbol.dispose]: () => { for (const chunk of best) chunk[Symbol.dispose](); } });
  {
    using space = chunkSpace(model, Math.min(size, longestPart(prompt)) + (hasBos ? 1 : 0) + question.length);
    for (const chunk of chunksOf(prompt, size, options.chunkCut)) {
      hooks.signal?.throwIfAborted();
      const state = await prefillChunk(model, space, chunk, question, options, hasBos, hooks.signal);
      const { kept, dropped } = offer(best, state, options.keepChunks);
      best = kept;
      dropped?.[Symbol.dispose]();
      scored.push({ index: chunk.index, start: chunk.start, tokens: state.context - (hasBos ? 1 : 0), nll: state.nll });
      hooks.onChunk?.(scored.length, total);
    }
  }

  const kept = inDocumentOrder(best);
  const firstPosition = Math.max(...kept.map((chunk) => chunk.context));
  const merged = await mergeChunks(model, kept, options, hasBos, question.length + prompt.maxTokens);
  const state = await queryPass(model, merged, question, firstPosition, hooks.signal).catch((e: unknown) => {
    merged.cache[Symbol.dispose]();
    throw e;
  });
  return { state, report: evictionReport(scored, kept.map((chunk) => chunk.index), merged, firstPosition, options) };
}
