import type { DeviceTensor } from './device.js';
import { allocCache, layerOf } from './kvCache.js';
import { ropeTable } from './model/rope.js';
import { type Decoder, forward, lastLogits, type Workspace, workspace } from './model/transformer.js';
import { greedy } from './sample.js';
import { scope } from './scope.js';
import { type Place, type Stepper, stepper } from './stepper.js';

/** A prompt that has been read: where it ends, the scores from which the next token is chosen, and the steps behind it where they are ready. They go with the cache. */
export interface Decodable extends Place { readonly logits: Float32Array; readonly steps?: Stepper }

/**
 * What is left to do of a prompt whose rows are queued, the last ones being `h`. While a GPU computes them, memory for the steps of
 * an answer is laid and the first step recorded: some allocations and a graph, as long as two steps take.
 */
export async function decodable(model: Decoder, ws: Workspace, h: DeviceTensor, place: Place, maxTokens: number): Promise<Decodable> {
  if (model.device.kind !== 'cuda' || maxTokens < 2) return { ...place, logits: await lastLogits(model, ws, h) };
  const steps = stepper(model, place, maxTokens);
  try {
    steps.prepare();
    const logits = await lastLogits(model, ws, h);
    const { cache } = place;
    return { ...place, logits, steps, cache: { ...cache, [Symbol.dispose]: () => { for (const own of [steps, cache]) own[Symbol.dispose](); } } };
  } catch (e) {
    steps[Symbol.dispose]();
    throw e;
  }
}

/** Rows that the plain model reads at once; a prompt within the window of small models is one block. */
export const blockRows = 2048;

/** The plain model on one prompt: causal attention over all of it, however long. */
export async function readPrompt(model: Decoder, ids: readonly number[], maxTokens: number, signal?: AbortSignal, onRows?: (done: number, total: number) => void): Promise<Decodable> {
  const rows = Math.min(blockRows, ids.length);
  using owned = scope();
  const ws = owned.own(workspace(model, rows));
  const cache = allocCache(model.device, model.config, model.dtype, ids.length + maxTokens, model.kvScales);
  try {
    for (let first = 0; ; first += rows) {
      signal?.throwIfAborted();
      const block = ids.slice(first, first + rows);
      using rope = ropeTable(model.device, model.config, first, block.length);
      const rowsOf = { kind: 'sequence', first, outputFrom: block.length - 1 } as const;
      const h = await forward(model, ws, { ids: block, rope, rows: rowsOf, cache: (l) => layerOf(cache, l), ahead: 2, signal });
      const filled = first + block.length;
      if (filled === ids.length) return await decodable(model, ws, h, { cache, filled, position: filled }, maxTokens);
      await model.device.sync();
      onRows?.(filled, ids.length);
    }
  } catch (e) {
    cache[Symbol.dispose]();
    throw e;
  }
}

/** One chosen token. `scores` reads those it was chosen from; they are there until the next one is asked for. */
export interface Step { readonly id: number; readonly scores: () => Promise<Float32Array> }

/**
 * Decoding from a prompt that has been read: at most `maxTokens` tokens, the last one being a stop id where one comes up.
 * `choose` takes the scores of every token and the token's place in the answer; the device takes the likeliest where it is
 * left out. Frees the prompt's cache when the iteration ends, however it ends.
 */
export async function* decode(model: Decoder, state: Decodable, maxTokens: number, stopIds: readonly number[], signal?: AbortSignal, choose?: (logits: Float32Array, place: number) => number): AsyncGenerator<Step> {
  using owned = scope();
  owned.own(state.cache);
  const steps = state.steps ?? owned.own(stepper(model, state, maxTokens));
  let id = choose?.(state.logits, 0) ?? greedy(state.logits);
  for (let t = 0; t < maxTokens; t++) {
    signal?.throwIfAborted();
    yield { id, scores: t === 0 ? async () => state.logits : steps.scores };
    if (stopIds.includes(id) || t === maxTokens - 1) return;
    const likeliest = await steps.next(id);
    id = choose?.(await steps.scores(), t + 1) ?? likeliest;
  }
}

/**
 * {@link decode} of the likeliest tokens, each step queued before the token that it appends is told: the device need not wait for
 * whoever takes the tokens. One step may be computed for nothing.
 */
export async function* decodeAhead(model: Decoder, state: Decodable, maxTokens: number, stopIds: readonly number[], signal?: AbortSignal): AsyncGenerator<Pick<Step, 'id'>> {
  using owned = scope();
  owned.own(state.cache);
  const steps = state.steps ?? owned.own(stepper(model, state, maxTokens));
  const id = greedy(state.logits);
  signal?.throwIfAborted();
  yield { id };
  if (stopIds.includes(id) || maxTokens === 1) return;
  signal?.throwIfAborted();
  let coming = steps.next(id);
  for (let t = 1; t < maxTokens; t++) {
    const behind = t < maxTokens - 1 ? steps.follow() : undefined;
    // Nobody may ask for it any more.
    behind?.catch(() => {});
    const id = await coming;
    yield { id };
    if (stopIds.includes(id) || behind === undefined) return;
    signal?.throwIfAborted();
    coming = behind;
  }
}
