import type { DoneEvent } from '../events.js';

/** What every object of one answer says of itself. */
export interface Envelope {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly systemFingerprint: string;
}

/** How the method fared, beside OpenAI's fields. Times are seconds; a plain answer has no chunks. */
export interface Extras {
  readonly method: DoneEvent['method'];
  /** What tokens were drawn with; null where nothing was drawn. */
  readonly seed: number | null;
  readonly chunks: readonly { readonly index: number; readonly tokens: number; readonly nll: number; readonly kept: boolean }[];
  readonly timings: { readonly queued: number; readonly prefill: number; readonly decode: number; readonly tokens_per_second: number };
}

/** Tokens of a request as OpenAI counts them. `cached_tokens`: those of a document that was kept. */
export interface WireUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
}

/** The end of an answer. */
export interface Ending { readonly finishReason: 'stop' | 'length'; readonly usage: WireUsage; readonly extras: Extras }

/** The objects one route writes. `first`: what a stream opens with, if anything. */
export interface Wire {
  readonly idPrefix: string;
  whole(envelope: Envelope, text: string, ending: Ending): object;
  first(envelope: Envelope): object | undefined;
  piece(envelope: Envelope, text: string): object;
  last(envelope: Envelope, ending: Ending): object;
  usage(envelope: Envelope, usage: WireUsage): object;
}

/** How far apart the routes are: the name of their objects and where a choice has its text. */
interface Shape {
  readonly whole: string;
  readonly chunk: string;
  readonly message: (text: string) => object;
  readonly delta: (text: string | undefined) => object;
  readonly opening: object | undefined;
  readonly idPrefix: string;
}

const wireOf = ({ whole, chunk, message, delta, opening, idPrefix }: Shape): Wire => {
  const choice = (says: object, finishReason: string | null): object => ({ index: 0, ...says, logprobs: null, finish_reason: finishReason });
  const object = (name: string, { id, created, model, systemFingerprint }: Envelope, choices: readonly object[]): object => ({ id, object: name, created, model, system_fingerprint: systemFingerprint, choices });
  return {
    idPrefix,
    whole: (e, text, { finishReason, usage, extras }) => ({ ...object(whole, e, [choice(message(text), finishReason)]), usage, parallelcomp: extras }),
    first: (e) => (opening === undefined ? undefined : object(chunk, e, [choice(opening, null)])),
    piece: (e, text) => object(chunk, e, [choice(delta(text), null)]),
    last: (e, { finishReason, extras }) => ({ ...object(chunk, e, [choice(delta(undefined), finishReason)]), parallelcomp: extras }),
    usage: (e, usage) => ({ ...object(chunk, e, []), usage }),
  };
};

/** /v1/chat/completions. */
export const chatWire: Wire = wireOf({
  whole: 'chat.completion', chunk: 'chat.completion.chunk', idPrefix: 'chatcmpl-',
  message: (content) => ({ message: { role: 'assistant', content, refusal: null } }),
  delta: (content) => ({ delta: content === undefined ? {} : { content } }),
  opening: { delta: { role: 'assistant', content: '' } },
});

/** /v1/completions. */
export const completionWire: Wire = wireOf({
  whole: 'text_completion', chunk: 'text_completion', idPrefix: 'cmpl-',
  message: (text) => ({ text }),
  delta: (text = '') => ({ text }),
  opening: undefined,
});
