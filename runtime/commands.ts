import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Device } from './device.js';
import { RuntimeError } from './error.js';
import type { DoneEvent, GenerateEvent, Timings, TokenEvent, Usage } from './events.js';
import { loadModel, type LoadOptions } from './load.js';
import { dtypesText, type Model } from './model.js';
import type { DeviceName } from './openDevice.js';
import { paperMix } from './parallelComp/calibration.js';
import type { ChunkReport } from './parallelComp/report.js';
import type { QuestionRequest, ReadMethod, SamplingRequest } from './request.js';
import { spannedAsync } from './spans.js';
import type { TraceSummary } from './trace/summary.js';

/** What `warpfold ask` takes; left-out options have the method's defaults. */
export interface AskOptions extends SamplingRequest, Pick<QuestionRequest, 'stop' | 'maxTokens' | 'method'> {
  /** A model directory. */
  readonly model: string;
  /** A text file, or several: no chunk crosses from one into the next. */
  readonly document: string | readonly string[];
  /** Several are asked one after the other of a document that is read once. */
  readonly question: string | readonly string[];
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
  /** Bytes; see `GenerateRequest`. */
  readonly memoryBudget?: number | undefined;
  /** Also gives a trace of host and device, from loading to the last answer. */
  readonly trace?: boolean | undefined;
  /** Also gives a picture of the answer, as the text of a page. */
  readonly report?: boolean | undefined;
  /** `auto` unless said. */
  readonly device?: DeviceName | Device | undefined;
  readonly dtype?: 'f32' | 'bf16' | undefined;
  readonly kvDtype?: LoadOptions['kvDtype'];
  readonly signal?: AbortSignal | undefined;
  /** Long work as it goes: tensors loaded, chunks (or rows of a plain prompt) read. */
  readonly onProgress?: ((stage: 'load' | 'prefill', done: number, total: number) => void) | undefined;
}

/** What `warpfold ask --json` prints. Times are seconds, chunk tokens count without BOS, and a plain answer has no chunks. */
export interface AskResult {
  readonly question: string;
  readonly answer: string;
  readonly ids: readonly number[];
  readonly method: ReadMethod;
  readonly finishReason: DoneEvent['finishReason'];
  /** What tokens were drawn with; null where the likeliest were taken. */
  readonly seed: number | null;
  readonly device: { readonly kind: Device['kind']; readonly description: string; readonly dtype: Model['dtype']; readonly kvDtype: Model['kvDtype'] };
  readonly usage: Usage;
  readonly chunks: readonly Pick<ChunkReport, 'index' | 'tokens' | 'nll' | 'kept'>[];
  /** Per layer, pairs of a query head and a surviving column that calibration excluded; null without calibration. */
  readonly excludedPerLayer: readonly number[] | null;
  readonly timings: Timings & { readonly load: number };
  readonly peakBytes: number;
  /** The five largest logits of the first step. */
  readonly firstTop5: readonly (readonly [id: number, logit: number])[];
}

/** Which device a question runs on and why, when nobody named one. */
export interface DeviceEvent { readonly type: 'device'; readonly text: string }
/** What `ask` has to say, in order: the device, then for each question the answer's tokens as they are decoded, the result, and the page of the report where one was asked for; at the end the trace where one was. */
export type AskEvent = DeviceEvent | TokenEvent | { readonly type: 'result'; readonly result: AskResult } | { readonly type: 'report'; readonly html: string }
  | { readonly type: 'trace'; readonly text: string; readonly summary: TraceSummary | undefined };

/** Answers questions about files. Throws R405 for an unreadable document, else what loading and generating throw. */
export async function* ask(options: AskOptions): AsyncGenerator<AskEvent> {
  const { signal, onProgress } = options;
  using traced = options.trace === true ? (await import('./trace/recorder.js')).recorder() : undefined;
  const documents = await Promise.all([options.document].flat().map((file) => spannedAsync(`file ${basename(file)}`, 'read', () => readDocument(file))));
  const began = performance.now();
  await using model = await loadModel(options.model, { device: options.device, dtype: options.dtype, kvDtype: options.kvDtype, soon: documents, signal, onDevice: (device) => traced?.watch(device), onProgress: (done, total) => onProgress?.('load', done, total) });
  const load = (performance.now() - began) / 1000;
  if (model.deviceChoice !== undefined && (options.device ?? 'auto') === 'auto') yield { type: 'device', text: model.deviceChoice };
  for await (const { question, event } of answers(model, documents, [options.question].flat(), options)) {
    if (event.type === 'token') {
      yield event;
      continue;
    }
    yield { type: 'result', result: resultOf(question, event, model, load) };
    if (options.report === true) yield { type: 'report', html: await reportOf(question, event, model, load, options) };
  }
  if (traced !== undefined) yield { type: 'trace', ...(await traced.end()) };
}

const readDocument = async (file: string): Promise<string> => await readFile(file, 'utf8').catch((cause: unknown) => {
  throw new RuntimeError('R405', 'the document cannot be read', { where: file, remedy: 'give the path of a text file', cause });
});

/** Events of all answers. One question is read with the document, and memory does not grow with it; several share what was read. */
async function* answers(model: Model, document: readonly string[], questions: readonly string[], options: AskOptions): AsyncGenerator<{ readonly question: string; readonly event: GenerateEvent }> {
  const { method, maxTokens, memoryBudget, signal, chunkTokens, chunkCut, temperature, topK, topP, minP, seed, stop } = options;
  const { keepChunks, capacity, observationRows, pool, threshold, edge, queryBos } = options;
  const calibration = options.calibration === 'paper' ? paperMix(model.config.numLayers) : [];
  const given = { keepChunks, capacity, observationRows, pool, threshold, edge, queryBos, calibration };
  const onProgress = (done: number, total: number): void => options.onProgress?.('prefill', done, total);
  const asked = { method, maxTokens, temperature, topK, topP, minP, seed, stop, signal, detail: options.report, parallelComp: given };
  const [question, ...more] = questions;
  if (question !== undefined && more.length === 0) {
    for await (const event of model.generate({ ...asked, document, question, memoryBudget, onProgress, parallelComp: { ...given, chunkTokens, chunkCut } })) yield { question, event };
    return;
  }
  // As much as the longest question and its answer would leave on their own.
  const room = Math.min(model.config.window - 2, Math.max(...questions.map((text) => model.tokenizer.encode(text).length)) + (maxTokens ?? 64));
  await using read = await model.prefill({ contexts: document, chunkTokens, chunkCut, room, memoryBudget, signal, onProgress });
  for (const question of questions) for await (const event of read.generate({ ...asked, question })) yield { question, event };
}

async function reportOf(question: string, done: DoneEvent, model: Model, load: number, { document }: AskOptions): Promise<string> {
  const { answerPage } = await import('./report/answerPage.js');
  const names = [document].flat().map((file) => basename(file)).join(', ');
  return answerPage({ document: names, question, model: model.id, device: model.device.description, dtype: dtypesText(model), heads: { query: model.config.numHeads, kv: model.config.numKvHeads }, load, done });
}

function resultOf(question: string, { text, ids, method, finishReason, seed, usage, timings, eviction, peakBytes, firstTop5 }: DoneEvent, { device, dtype, kvDtype }: Model, load: number): AskResult {
  return {
    question, answer: text, ids, method, finishReason, seed: seed ?? null, usage,
    device: { kind: device.kind, description: device.description, dtype, kvDtype },
    chunks: (eviction?.chunks ?? []).map(({ index, tokens, nll, kept }) => ({ index, tokens, nll, kept })),
    excludedPerLayer: eviction?.excludedPerLayer ?? null,
    timings: { load, ...timings },
    peakBytes, firstTop5,
  };
}
