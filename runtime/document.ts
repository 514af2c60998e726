import type { GenerateEvent } from './events.js';
import type { QuestionRequest } from './request.js';

/** What is read once, to be asked many times. */
export interface PrefillRequest {
  /** The document, or the pieces it consists of: no chunk crosses a piece's border, and a piece longer than a chunk is cut. */
  readonly contexts: string | readonly string[];
  /** Context tokens of a chunk, BOS apart; what the window leaves beside `room` unless said. */
  readonly chunkTokens?: number | undefined;
  /** How a piece is cut: `even`, unless said, into chunks whose lengths differ by at most one; `fixed` into full ones and a remainder. */
  readonly chunkCut?: 'even' | 'fixed' | undefined;
  /** Tokens of the window kept free for questions; a quarter of the window, at most 1,024, unless said. */
  readonly room?: number | undefined;
  /**
   * Bytes that tensors may take on the device while questions are answered, weights included. Chunks whose K and V do not
   * fit are read anew for every question: slower, and the answers are the same. Unless said: what the device has.
   */
  readonly memoryBudget?: number | undefined;
  /** Aborts between launches. */
  readonly signal?: AbortSignal | undefined;
  /** Called as chunks are read. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A document that has been read: K and V of its chunks do not depend on what is asked. Belongs to its model and ends with it. */
export interface Document extends AsyncDisposable {
  /** Tokens of all pieces together. */
  readonly tokens: number;
  /** How many chunks there are, and how many of them are stored: the others are read anew for every question. */
  readonly chunks: number;
  readonly storedChunks: number;
  /** Bytes that the stored chunks' K and V take on the device. */
  readonly bytes: number;
  /** Answers a question, any number of times. `parallelComp` may not say anything about chunks here: they are cut. Throws what `Model.generate` throws, and R408 after its end. */
  generate(request: QuestionRequest): AsyncGenerator<GenerateEvent>;
}
