import { createHash } from 'node:crypto';
import type { Model } from '../model.js';
import { ApiError } from './apiError.js';
import type { Question } from './asked.js';
import { usualDocumentMemory } from './deviceMemory.js';
import { createDocumentCache, type DocumentCache } from './documents.js';
import { type Reader, usualLimit } from './layout.js';
import type { ServerOptions } from './options.js';
import { createQueue, type Queue } from './queue.js';
import { type ServerMetrics, serverMetrics } from './serverMetrics.js';

/** A model with all that stands between it and HTTP. */
export interface Service {
  readonly model: Model;
  readonly options: ServerOptions;
  /** The name clients ask for. */
  readonly id: string;
  /** Changes where answers may: other weights' directory, device, dtypes or release. */
  readonly fingerprint: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly queue: Queue;
  readonly documents: DocumentCache;
  readonly metrics: ServerMetrics;
  readonly reader: Reader;
  /** Longest answer in tokens. */
  readonly limit: number;
  /** One per request under way; aborting it ends the request's work. */
  readonly live: Set<AbortController>;
}

export function createService(model: Model, options: ServerOptions): Service {
  const queue = createQueue(options.queue);
  const documents = createDocumentCache({ count: options.documents, bytes: options.documentMemory ?? usualDocumentMemory(model, options.memoryBudget) });
  const id = options.name ?? model.id;
  return {
    model, options, id, queue, documents,
    metrics: serverMetrics({ id, device: model.device, dtype: model.dtype, kvDtype: model.kvDtype }, queue, documents),
    fingerprint: `wf_${createHash('sha256').update(JSON.stringify([model.id, model.config, model.dtype, model.kvDtype, model.device.kind])).digest('hex').slice(0, 12)}`,
    created: Math.floor(Date.now() / 1000),
    reader: readerOf(model),
    limit: options.maxTokens ?? usualLimit(model.config.window),
    live: new Set(),
  };
}

function readerOf({ config, tokenizer, chatTemplate, id }: Model): Reader {
  const render = (question: Question): string => {
    if (question.kind === 'prompt') return question.prompt;
    if (chatTemplate === undefined) throw new ApiError(400, `${id} has no chat template; send the text to /v1/completions`, { param: 'messages', code: 'no_chat_template' });
    return chatTemplate.render(question.messages);
  };
  return { window: config.window, encode: (text) => tokenizer.encode(text), render };
}
