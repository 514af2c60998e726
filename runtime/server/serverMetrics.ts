import type { Model } from '../model.js';
import type { DocumentCache } from './documents.js';
import { type Counter, counter, exposition, gauge, type Histogram, histogram } from './metrics.js';
import type { Queue } from './queue.js';

/** What happens to requests, as it happens. */
export interface ServerMetrics {
  /** Finished requests, labelled `route` and `status`. */
  readonly requests: Counter;
  readonly promptTokens: Counter;
  readonly cachedTokens: Counter;
  readonly generatedTokens: Counter;
  readonly secondsToFirstToken: Histogram;
  readonly requestSeconds: Histogram;
  /** All of it as Prometheus reads it. */
  text(): string;
}

/** Seconds: from a short answer on a GPU to a book on a processor. */
const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250];

/** The server's instruments over what it is made of. */
export function serverMetrics(model: Pick<Model, 'id' | 'device' | 'dtype' | 'kvDtype'>, queue: Queue, documents: DocumentCache): ServerMetrics {
  const started = Date.now() / 1000 - process.uptime();
  const metrics = {
    requests: counter('warpfold_requests_total', 'Finished requests by route and HTTP status; 499 is a client that went away.', true),
    promptTokens: counter('warpfold_prompt_tokens_total', 'Tokens of prompts and documents of answered requests.'),
    cachedTokens: counter('warpfold_cached_prompt_tokens_total', 'Those of them that came from cached documents.'),
    generatedTokens: counter('warpfold_generation_tokens_total', 'Tokens generated, of unfinished answers too.'),
    secondsToFirstToken: histogram('warpfold_time_to_first_token_seconds', 'From the arrival of a request to its first token, waiting included.', seconds),
    requestSeconds: histogram('warpfold_request_duration_seconds', 'From the arrival of a request for an answer to its end, waiting included.', seconds),
  };
  const stats = (): ReturnType<Model['device']['stats']> => model.device.stats();
  const read = [
    gauge('warpfold_info', 'What is served; always 1.', () => 1, { model: model.id, device: model.device.kind, dtype: model.dtype, kv_dtype: model.kvDtype }),
    gauge('warpfold_queue_depth', 'Requests that wait.', () => queue.waiting),
    gauge('warpfold_requests_running', 'Requests that work with the model.', () => queue.running),
    gauge('warpfold_device_memory_bytes', 'Device memory in use.', () => stats().allocatedBytes),
    gauge('warpfold_device_memory_peak_bytes', 'Most device memory that was in use.', () => stats().peakBytes),
    gauge('warpfold_documents', 'Cached documents.', () => documents.count),
    gauge('warpfold_documents_bytes', 'Device memory that cached documents hold.', () => documents.bytes),
    // The names below are those of every Prometheus client.
    gauge('process_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', () => started),
  ];
  return { ...metrics, text: () => exposition([...Object.values(metrics), documents.hits, documents.misses, ...read]) };
}
