import type { Decoder } from '../model/transformer.js';
import { askStored } from './askStored.js';
import { total } from './batch.js';
import { type Chunk, chunksOf, type Prompt } from './chunking.js';
import { askedAtOnce, bytesToStore, inFlightOn } from './inFlight.js';
import { type MemoryPlan, memoryPlan } from './memoryPlan.js';
import { defaults, type ParallelCompOptions } from './options.js';
import { compress, type Compressed, groupsOf, type Passed, passes, type PipelineHooks, type Run, withBos } from './pipeline.js';
import { chunkSpace } from './prefill.js';
import { allocStored, encodeStored, slicedStore, storedBytes, type StoredChunks } from './stored.js';

/** A document in chunks. K and V of the first ones, as many as memory allows, are stored; the others are read anew for every question. */
export interface ChunkedDocument extends Disposable {
  readonly hasBos: boolean;
  readonly stored: StoredChunks;
  readonly others: readonly Chunk[];
  /** Columns of the longest chunk, BOS included. */
  readonly context: number;
  /** Bytes that are stored. */
  readonly bytes: number;
}

/** How a document is read: tokens of a chunk, what is kept free for questions, and bytes that tensors may take. */
export interface Reading extends Pick<PipelineHooks, 'signal' | 'onChunk'> { readonly size: number; readonly cut: 'even' | 'fixed'; readonly room: number; readonly budget: number | undefined }

/** Reads a document's chunks, each alone. Throws R403 where the budget does not allow a question. */
export async function readChunks(model: Decoder, document: Prompt, { size, cut, room, budget, signal, onChunk }: Reading): Promise<ChunkedDocument> {
  const chunks = [...chunksOf(document, size, cut)];
  const hasBos = document.bosId !== undefined;
  const context = Math.max(...chunks.map((chunk) => chunk.ids.length));
  const plan = memoryPlan(model, defaults, hasBos, { context, question: room, chunks: chunks.length, maxTokens: room });
  const count = fitting(model, chunks, bytesToStore(model.device, budget, plan));
  const stored = allocStored(model, chunks.slice(0, count));
  try {
    const inFlight = Math.min(count, inFlightOn(model.device, budget, plan, context));
    await encode(model, stored, context, inFlight, signal, onChunk);
  } catch (e) {
    stored[Symbol.dispose]();
    throw e;
  }
  const bytes = storedBytes(model, total(stored.chunks.map((chunk) => chunk.ids.length)));
  return { hasBos, stored, others: chunks.slice(count), context, bytes, [Symbol.dispose]: () => stored[Symbol.dispose]() };
}

/** How many of the first chunks fit. */
function fitting(model: Decoder, chunks: readonly Chunk[], bytes: number): number {
  let rows = 0;
  const beyond = chunks.findIndex(({ ids }) => {
    rows += ids.length;
    return storedBytes(model, rows) > bytes;
  });
  return beyond < 0 ? chunks.length : beyond;
}

async function encode(model: Decoder, stored: StoredChunks, context: number, inFlight: number, signal: AbortSignal | undefined, onChunk: PipelineHooks['onChunk']): Promise<void> {
  const count = stored.chunks.length;
  if (count === 0) return;
  using space = chunkSpace(model, context, inFlight);
  for (let from = 0; from < count; from += inFlight) {
    signal?.throwIfAborted();
    const to = Math.min(count, from + inFlight);
    await encodeStored(model, space, slicedStore(stored, from, to), signal);
    onChunk?.(to, count);
  }
}

/** A question to a document in chunks, up to the first answer token: as {@link parallelComp}, but pass 1 of stored chunks runs over the question's rows alone. */
export async function askChunks(model: Decoder, document: ChunkedDocument, prompt: Prompt, options: ParallelCompOptions, budget: number | undefined, hooks: Pick<PipelineHooks, 'signal' | 'onChunk'>): Promise<Compressed> {
  const { hasBos, stored, others, context, bytes } = document;
  const question = withBos(prompt, options);
  const chunks = stored.chunks.length + others.length;
  const sizes = { context, question: question.length, chunks, maxTokens: prompt.maxTokens };
  const plan = beside(memoryPlan(model, options, hasBos, sizes), bytes);
  const rows = context + question.length;
  const run: Run = { question, hasBos, options, maxTokens: prompt.maxTokens, total: chunks, ...hooks };
  return await compress(model, run, passed());

  async function* passed(): AsyncGenerator<Passed> {
    const atOnce = stored.chunks.length === 0 ? 1 : askedAtOnce(model.device, budget, plan, rows);
    for (let from = 0; from < stored.chunks.length; from += atOnce) {
      hooks.signal?.throwIfAborted();
      const some = slicedStore(stored, from, Math.min(stored.chunks.length, from + atOnce));
      using batch = await askStored(model, some, question, options, hasBos, hooks.signal);
      yield { chunks: some.chunks, batch };
    }
    if (others.length === 0) return;
    const inFlight = Math.min(others.length, inFlightOn(model.device, budget, plan, rows));
    yield* passes(model, run, groupsOf(others, inFlight), { rows, inFlight });
  }
}

/** A plan of a run that has so many bytes less. */
const beside = (plan: MemoryPlan, bytes: number): MemoryPlan => ({ ...plan, fixed: plan.fixed + bytes });
