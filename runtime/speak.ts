import { type Decodable, decode, decodeAhead } from './decode.js';
import type { DoneEvent, TokenEvent } from './events.js';
import { detokenizer } from './model/detokenizer.js';
import type { Speaker } from './prompt.js';
import type { QuestionRequest } from './request.js';
import { topLogits } from './sample.js';
import type { Sampler } from './sampler.js';
import { stopTexts } from './stopTexts.js';

/** What was said, and why it ended. */
export type Spoken = Pick<DoneEvent, 'text' | 'ids' | 'finishReason' | 'stopReason' | 'firstTop5'>;

/**
 * The answer to a prompt that has been read: an event per token, whose texts add up to the whole. Text that may belong to
 * a stop text or an unfinished character waits for the tokens behind it. Frees the prompt's cache, however it ends.
 */
export async function* speak(model: Speaker, state: Decodable, request: QuestionRequest, sampler: Sampler, maxTokens: number): AsyncGenerator<TokenEvent, Spoken> {
  const { tokenizer, config } = model;
  const stopIds = [...(request.ignoreEos === true ? [] : config.eosIds), ...(request.stopTokenIds ?? [])];
  const stops = stopTexts([request.stop ?? []].flat());
  const words = detokenizer(tokenizer.decode);
  const firstTop5 = topLogits(state.logits, 5);
  const ids: number[] = [];
  let text = '';
  // A processor computes steps itself, so none is taken ahead of who may stop.
  const steps = sampler.choose === undefined && model.device.kind === 'cuda' ? decodeAhead(model, state, maxTokens, stopIds, request.signal) : decode(model, state, maxTokens, stopIds, request.signal, sampler.choose);
  for await (const { id } of steps) {
    ids.push(id);
    const stopped = stopIds.includes(id);
    let added = stopped ? '' : stops.push(words.push(id));
    const over = stopped || stops.met !== undefined || ids.length === maxTokens;
    if (over) added += stops.push(words.end()) + stops.end();
    text += added;
    yield { type: 'token', id, text: added };
    if (over) break;
  }
  const last = ids.at(-1);
  const stopReason = stops.met ?? (last !== undefined && stopIds.includes(last) ? last : undefined);
  return { text, ids, finishReason: stopReason === undefined ? 'length' : 'stop', stopReason, firstTop5 };
}
