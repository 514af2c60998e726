import type { EvictionReport } from './parallelComp/report.js';
import type { ReadMethod } from './request.js';

/** One token of the answer. `text`: what it adds; empty while a character is incomplete or a stop text may have begun. */
export interface TokenEvent { readonly type: 'token'; readonly id: number; readonly text: string }

/** The account of an answer, behind its last token. */
export interface DoneEvent {
  readonly type: 'done';
  /** How the prompt was read. */
  readonly method: ReadMethod;
  /** All tokens' texts together. */
  readonly text: string;
  /** All tokens, the one that ended the answer included. */
  readonly ids: readonly number[];
  /** `stop`: at an end id or a stop text; `length`: at `maxTokens`. */
  readonly finishReason: 'stop' | 'length';
  /** The end id or the stop text that ended the answer; undefined at `maxTokens`. */
  readonly stopReason: number | string | undefined;
  readonly usage: Usage;
  readonly timings: Timings;
  /** What was kept and why; undefined unless ParallelComp read the prompt. */
  readonly eviction: EvictionReport | undefined;
  /** Most memory the device has held, weights included. */
  readonly peakBytes: number;
  /** The seed that tokens were drawn with, the caller's own or the one that was drawn; undefined at temperature 0, which draws nothing. */
  readonly seed: number | undefined;
  /** The five largest logits of the first step, descending. */
  readonly firstTop5: readonly (readonly [id: number, logit: number])[];
}

/** What an answer consists of: its tokens as they are decoded, then the account. */
export type GenerateEvent = TokenEvent | DoneEvent;

/** Tokens, and chunks of ParallelComp; a plain prompt has none. `cachedTokens`: context tokens whose pass was not repeated. */
export interface Usage {
  readonly contextTokens: number;
  readonly queryTokens: number;
  readonly chunks: number;
  readonly answerTokens: number;
  readonly cachedTokens: number;
}

/** Seconds. `queue`: waiting for earlier requests; `prefill` ends when the first token can be chosen; `tokensPerSecond` counts the tokens after it. */
export interface Timings {
  readonly queue: number;
  readonly prefill: number;
  readonly decode: number;
  readonly tokensPerSecond: number;
  /** Where ParallelComp's share of `prefill` went; undefined on other paths. */
  readonly phases: Phases | undefined;
}
/** Seconds of ParallelComp's steps: the chunks' passes, joining the kept ones, and the question over them. */
export interface Phases { readonly chunks: number; readonly merge: number; readonly query: number }
