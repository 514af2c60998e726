import { promptRoom, sinksAndRecent, truncated } from './baselines.js';
import { type Decodable, readPrompt } from './decode.js';
import type { Phases } from './events.js';
import { RuntimeError } from './error.js';
import type { Decoder } from './model/transformer.js';
import { chunkSize, type Prompt } from './parallelComp/chunking.js';
import { inFlightOn } from './parallelComp/inFlight.js';
import { complete } from './parallelComp/options.js';
import { parallelComp } from './parallelComp/pipeline.js';
import type { EvictionReport } from './parallelComp/report.js';
import { contextLength, idsOf } from './prompt.js';
import type { GenerateRequest, Method, ReadMethod } from './request.js';

/** A prompt that has been read, by which method, and what ParallelComp has to say of it. */
export interface Reading { readonly method: ReadMethod; readonly state: Decodable; readonly report: (() => EvictionReport) | undefined; readonly phases: Phases | undefined; readonly cachedTokens: number }

/** Reads a prompt up to the scores of the first answer token. Throws R402 and R403; the signal's reason when it fires. */
export async function readBy(model: Decoder, prompt: Prompt, { method: asked, parallelComp: given = {}, signal, onProgress, memoryBudget }: Omit<GenerateRequest, 'document'>): Promise<Reading> {
  // Refused on every path.
  const options = complete(given);
  const method = methodOf(model, prompt, asked);
  const plain = async (ids: readonly number[]): Promise<Reading> =>
    ({ method, state: await readPrompt(model, ids, prompt.maxTokens, signal, onProgress), report: undefined, phases: undefined, cachedTokens: 0 });
  switch (method) {
    case 'full': return await plain(idsOf(prompt));
    case 'truncated': return await plain(truncated(idsOf(prompt), promptRoom(model.config, prompt.maxTokens)));
    case 'streaming': return await plain(sinksAndRecent(idsOf(prompt), promptRoom(model.config, prompt.maxTokens)));
    case 'parallelcomp': {
      const read = await parallelComp(model, prompt, options, { signal, inFlight: (plan, rows) => inFlightOn(model.device, memoryBudget, plan, rows), ...(onProgress ? { onChunk: onProgress } : {}) });
      return { method, ...read, cachedTokens: 0 };
    }
    default: return method satisfies never;
  }
}

/** The method that `auto` stands for. A question must fit the window on every path, and only a document can be read in chunks. Throws R402. */
export function methodOf({ config }: Decoder, prompt: Prompt, asked: Method = 'auto'): ReadMethod {
  const length = contextLength(prompt) + prompt.question.length + (prompt.bosId === undefined ? 0 : 1);
  const hasDocument = prompt.context.length > 0;
  if (length > config.window && hasDocument) chunkSize(config, { ...prompt, maxTokens: 0 }, { chunkTokens: undefined });
  if (asked === 'auto' && length <= config.window) return 'full';
  if (!hasDocument && (asked === 'auto' || asked === 'parallelcomp')) {
    const what = asked === 'auto' ? `the prompt has ${length} tokens, the model's window is ${config.window}` : 'there is no document that could be read in chunks';
    throw new RuntimeError('R402', what, { remedy: 'give what is long as `document`' });
  }
  return asked === 'auto' ? 'parallelcomp' : asked;
}
