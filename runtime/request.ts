import type { ChatMessage } from './model/chatTemplate.js';
import type { GivenOptions } from './parallelComp/options.js';

/**
 * How a prompt is read. `auto`: by the plain model where it fits the trained window, else by ParallelComp. `parallelcomp`: in
 * chunks even where it would fit. `full`: by plain attention however long it is. Two baselines read the window's worth of
 * tokens, less the answer's: `truncated` keeps the first and the last half and leaves out the middle, as LongBench does;
 * `streaming` keeps the first four and the most recent ones, those that StreamingLLM's cache holds at the end, at the
 * positions they have in it. They are read as one prompt, so that nothing of what is left out lives on in their K and V.
 */
export type Method = 'auto' | ReadMethod;
/** A method that was carried out. */
export type ReadMethod = 'parallelcomp' | 'full' | 'truncated' | 'streaming';

/** How tokens are chosen; unless said, the most likely one each time. */
export interface SamplingRequest {
  /** What scores are divided by before they become probabilities; 0, the default, takes the most likely token. */
  readonly temperature?: number | undefined;
  /** Only so many of the most likely tokens; all unless said. */
  readonly topK?: number | undefined;
  /** Only the fewest of the most likely tokens whose probabilities, among those that `topK` left, reach this share; all unless said. */
  readonly topP?: number | undefined;
  /** Only tokens at least this share as likely as the most likely one; all unless said. */
  readonly minP?: number | undefined;
  /** A whole number from 0 to 2³² − 1. The same seed, request and device give the same tokens; drawn unless said, and told when done. */
  readonly seed?: number | undefined;
}

/** What is asked, and how it shall be answered. */
export interface QuestionRequest extends SamplingRequest {
  /** Follows the document as it stands. Either this or `messages`. */
  readonly question?: string | undefined;
  /** A conversation, put into text by the model's chat template and ended where the assistant speaks next; it follows the document. */
  readonly messages?: readonly ChatMessage[] | undefined;
  /** `auto` unless said. */
  readonly method?: Method | undefined;
  /** Longest answer in tokens; 64 unless said. */
  readonly maxTokens?: number | undefined;
  /** Texts at which the answer ends; no part of one is ever given out. */
  readonly stop?: string | readonly string[] | undefined;
  /** Ids that end the answer beside the model's own. */
  readonly stopTokenIds?: readonly number[] | undefined;
  /** Goes on behind the model's own end ids. */
  readonly ignoreEos?: boolean | undefined;
  /** Choices of ParallelComp; its defaults unless said. */
  readonly parallelComp?: GivenOptions | undefined;
  /** Adds the text of each of the document's tokens to the eviction report, so that columns can be shown on it. */
  readonly detail?: boolean | undefined;
  /** Aborts between launches, in the prompt's passes too, and takes a request out of the queue that waits there. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the prompt is read: chunks, or rows of a plain prompt. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A question about a document that is asked once, or without one a prompt. */
export interface GenerateRequest extends QuestionRequest {
  /** The document; a list where its parts must not share a chunk. */
  readonly document?: string | readonly string[] | undefined;
  /**
   * Bytes that ParallelComp's tensors may take on the device, weights included; as many chunks are read at once as fit.
   * Unless said: one on a processor, on a GPU what keeps it busy within 6 GiB beside the weights. It changes no answer.
   */
  readonly memoryBudget?: number | undefined;
}
