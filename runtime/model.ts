import type { Document, PrefillRequest } from './document.js';
import type { Device } from './device.js';
import type { GenerateEvent } from './events.js';
import type { LikelihoodRequest, Likelihoods } from './likelihood.js';
import type { ChatTemplate } from './model/chatTemplate.js';
import type { ModelConfig } from './model/config.js';
import type { Tokenizer } from './model/tokenizer.js';
import type { GenerateRequest } from './request.js';

/** What a model computes in, and what it stores K and V in where that is something else. */
export const dtypesText = ({ dtype, kvDtype }: Pick<Model, 'dtype' | 'kvDtype'>): string => (dtype === kvDtype ? dtype : `${dtype}, K and V in ${kvDtype}`);

/**
 * A model in memory. Requests, those of its documents included, run one after another in the order in which they came; an
 * iteration holds the model until it ends. Disposing it ends what runs and what waits with R408, and frees everything.
 */
export interface Model extends AsyncDisposable {
  /** The name of its directory. */
  readonly id: string;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  /** Puts messages into text; undefined where the directory has no template. */
  readonly chatTemplate: ChatTemplate | undefined;
  readonly device: Device;
  /** One sentence: which device it is and why; undefined where the caller gave it. */
  readonly deviceChoice: string | undefined;
  /** What kernels compute in. */
  readonly dtype: 'f32' | 'bf16';
  /** What K and V are stored in. */
  readonly kvDtype: 'f32' | 'bf16' | 'f8e4m3';
  /** How many requests wait for the one that runs. */
  readonly waiting: number;
  /** Reads a document to be asked many times. Throws R401, R402 and R403. */
  prefill(request: PrefillRequest): Promise<Document>;
  /**
   * Answers a question about a document of any length, or goes on behind a prompt: one event per token, then one with the
   * account. Leaving the iteration early frees everything. Throws R401 for an empty document, R404 for an empty question,
   * R409 for a question and messages at once, R406 and R407 for messages that no template takes, R402 for a question beyond
   * the window, R403 for an option out of range, R408 where the model was disposed; the signal's reason when it fires.
   */
  generate(request: GenerateRequest): AsyncGenerator<GenerateEvent>;
  /** How well the model predicts a text behind another one. Throws what {@link generate} throws. */
  negativeLogLikelihoods(request: LikelihoodRequest): Promise<Likelihoods>;
}
