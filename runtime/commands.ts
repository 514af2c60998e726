import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Device } from './device.js';
import { RuntimeError } from './error.js';
import type { DoneEvent, TokenEvent, Usage } from './events.js';
import { loadModel } from './load.js';
import type { Model } from './model.js';
import type { DeviceName } from './openDevice.js';
import { paperMix } from './parallelComp/calibration.js';
import type { ChunkReport } from './parallelComp/report.js';
import type { Method, ReadMethod } from './request.js';

/** What `warpfold ask` takes; left-out options have the method's defaults. */
export interface AskOptions {
  /** A model directory, and a text file. */
  readonly model: string;
  readonly document: string;
  readonly question: string;
  readonly method?: Method | undefined;
  readonly chunkTokens?: number | undefined;
  readonly keepChunks?: number | undefined;
  readonly capacity?: number | undefined;
  readonly calibration?: 'none' | 'paper' | undefined;
  readonly chunkCut?: 'even' | 'fixed' | undefined;
  readonly observationRows?: number | undefined;
  readonly pool?: number | undefined;
  readonly threshold?: number | undefined;
  readonly edge?: number | undefined;
  readonly queryBos?: boolean | undefined;
  readonly maxTokens?: number | undefined;
  /** Bytes; see `GenerateRequest`. */
  readonly memoryBudget?: number | undefined;
  /** Adds the first step's five largest logits to the result. */
  readonly trace?: boolean | undefined;
  /** Also gives a picture of the answer, as the text of a page. */
  readonly report?: boolean | undefined;
  /** `auto` unless said. */
  readonly device?: DeviceName | Device | undefined;
  readonly dtype?: 'f32' | 'bf16' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Long work as it goes: tensors loaded, chunks (or rows of a plain prompt) read. */
  readonly onProgress?: ((stage: 'load' | 'prefill', done: number, total: number) => void) | undefined;
}

/** What `warpfold ask --json` prints. Times are seconds, chunk tokens count without BOS, and a plain answer has no chunks. */
export interface AskResult {
  readonly answer: string;
  readonly ids: readonly number[];
  readonly method: ReadMethod;
  readonly device: { readonly kind: Device['kind']; readonly description: string; readonly dtype: 'f32' | 'bf16' };
  readonly usage: Usage;
  readonly chunks: readonly Pick<ChunkReport, 'index' | 'tokens' | 'nll' | 'kept'>[];
  /** Per layer, pairs of a query head and a surviving column that calibration excluded; null without calibration. */
  readonly excludedPerLayer: readonly number[] | null;
  readonly timings: { readonly load: number; readonly prefill: number; readonly decode: number; readonly tokensPerSecond: number };
  readonly peakBytes: number;
  readonly firstTop5?: readonly (readonly [id: number, logit: number])[];
}

/** Which device a question runs on and why, when nobody named one. */
export interface DeviceEvent { readonly type: 'device'; readonly text: string }
/** What `ask` has to say, in order: the device, the answer's tokens as they are decoded, the result, and the page of the report where one was asked for. */
export type AskEvent = DeviceEvent | TokenEvent | { readonly type: 'result'; readonly result: AskResult } | { readonly type: 'report'; readonly html: string };

/** Answers a question about a file. Throws R405 for an unreadable document, else what loading and generating throw. */
export async function* ask(options: AskOptions): AsyncGenerator<AskEvent> {
  const { signal, onProgress } = options;
  const document = await readFile(options.document, 'utf8').catch((cause: unknown) => {
    throw new RuntimeError('R405', 'the document cannot be read', { where: options.document, remedy: 'give the path of a text file', cause });
  });
  const began = performance.now();
  await using model = await loadModel(options.model, { device: options.device, dtype: options.dtype, signal, onProgress: (done, total) => onProgress?.('load', done, total) });
  const load = (performance.now() - began) / 1000;
  if (model.deviceChoice !== undefined && (options.device ?? 'auto') === 'auto') yield { type: 'device', text: model.deviceChoice };
  const { keepChunks, capacity, chunkTokens, chunkCut, observationRows, pool, threshold, edge, queryBos } = options;
  const calibration = options.calibration === 'paper' ? paperMix(model.config.numLayers) : [];
  const given = { keepChunks, capacity, chunkTokens, chunkCut, observationRows, pool, threshold, edge, queryBos, calibration };
  const events = model.generate({
    document, question: options.question, method: options.method, maxTokens: options.maxTokens, memoryBudget: options.memoryBudget, signal, detail: options.report,
    parallelComp: given, onProgress: (done, total) => onProgress?.('prefill', done, total),
  });
  for await (const event of events) {
    if (event.type === 'token') yield event;
    else {
      yield { type: 'result', result: resultOf(event, model, load, options.trace === true) };
      if (options.report === true) yield { type: 'report', html: await reportOf(event, model, load, options) };
    }
  }
}

async function reportOf(done: DoneEvent, { id, device, dtype, config }: Model, load: number, { document, question }: AskOptions): Promise<string> {
  const { answerPage } = await import('./report/answerPage.js');
  return answerPage({ document: basename(document), question, model: id, device: device.description, dtype, heads: { query: config.numHeads, kv: config.numKvHeads }, load, done });
}

function resultOf({ text, ids, method, usage, timings, eviction, peakBytes, firstTop5 }: DoneEvent, { device, dtype }: Model, load: number, trace: boolean): AskResult {
  return {
    answer: text, ids, method, usage,
    device: { kind: device.kind, description: device.description, dtype },
    chunks: (eviction?.chunks ?? []).map(({ index, tokens, nll, kept }) => ({ index, tokens, nll, kept })),
    excludedPerLayer: eviction?.excludedPerLayer ?? null,
    timings: { load, ...timings },
    peakBytes,
    ...(trace ? { firstTop5 } : {}),
  };
}
