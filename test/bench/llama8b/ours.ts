import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DoneEvent, loadModel, type Model, type ModelConfig, paperMix, type QuestionRequest } from '../../../runtime/index.js';
import { encodeLong } from '../../../runtime/model/encodeLong.js';
import { openCheckpoint } from '../../../runtime/model/safetensors.js';
import type { Tokenizer } from '../../../runtime/model/tokenizer.js';
import type { Decoder } from '../../../runtime/model/transformer.js';
import { loadWeights, weightElements } from '../../../runtime/model/weights.js';
import { readConfig } from '../../../runtime/model/config.js';
import type { Device } from '../../../runtime/device.js';
import { open, root, shipped } from '../../gpu/open.js';
import type { EightBOptions } from './options.js';
import { passFlops } from '../flops.js';
import type { AskRow, Settings } from './report.js';

/** The paper's settings for Llama-3-8B; for a quick run, of a window of 1,024. */
export const settingsOf = (quick: boolean): Settings => (quick ? { chunkTokens: 800, keepChunks: 3, capacity: 400 } : { chunkTokens: 7600, keepChunks: 3, capacity: 4000 });

export const question = '\nQuestion: What is the pass key?\nAnswer: The pass key is';
const answerTokens = 32;

/** The novels and their ids: cutting them takes a second, and every run of a script needs them. */
const novels = new Map<string, Promise<{ readonly text: string; readonly ids: readonly number[] }>>();

async function cutNovels(tokenizer: Tokenizer): Promise<{ readonly text: string; readonly ids: readonly number[] }> {
  const text = ['pride-and-prejudice', 'sherlock-holmes'].map((name) => readFileSync(join(root, `examples/texts/${name}.txt`), 'utf8')).join('\n');
  return { text, ids: await encodeLong(tokenizer, text) };
}

/** A text of so many tokens, to a few, by the tokenizer of a model directory: novels, as often as it takes. */
export async function documentOf(dir: string, tokenizer: Tokenizer, tokens: number): Promise<string> {
  const cut = novels.get(dir) ?? cutNovels(tokenizer);
  novels.set(dir, cut);
  const { text, ids } = await cut;
  return text.repeat(Math.floor(tokens / ids.length)) + tokenizer.decode(ids.slice(0, tokens % ids.length));
}

/** How the model is asked: by the method with its settings, calibration as in the paper, or densely. */
export function requestOf(config: ModelConfig, { chunkTokens, keepChunks, capacity }: Settings, reader: 'ours' | 'ours, dense'): QuestionRequest {
  const asked = { question, maxTokens: answerTokens, ignoreEos: true };
  return reader === 'ours' ? { ...asked, method: 'parallelcomp', parallelComp: { chunkTokens, keepChunks, capacity, calibration: paperMix(config.numLayers) } } : { ...asked, method: 'full' };
}

/** Runs on a device of its own, so that its most bytes are its own; kernels are loaded by a short question before. */
export async function askOurs(dir: string, { device: kind, overlap }: Pick<EightBOptions, 'device' | 'overlap'>, settings: Settings, tokens: number, reader: 'ours' | 'ours, dense'): Promise<AskRow> {
  try {
    await using device = open(kind, shipped, { overlap });
    await using model = await loadModel(dir, { device, dtype: 'bf16' });
    const request = requestOf(model.config, settings, reader);
    await lastOf(model, await documentOf(dir, model.tokenizer, Math.min(tokens, settings.chunkTokens * 2)), request);
    const text = await documentOf(dir, model.tokenizer, tokens);
    const began = performance.now();
    const { done, first } = await lastOf(model, text, request);
    const { usage, timings, eviction } = done;
    const parts = eviction?.chunks.map((c) => 1 + c.tokens + usage.queryTokens) ?? [1 + usage.contextTokens + usage.queryTokens];
    const seconds = (first - began) / 1000;
    return {
      kind: 'asked', reader, tokens: usage.contextTokens, chunks: usage.chunks, kept: (eviction?.chunks ?? []).filter((c) => c.kept).map((c) => c.index), first: seconds, encode: Math.max(0, seconds - timings.prefill),
      flops: parts.reduce((n, rows) => n + passFlops(model.config, rows, usage.queryTokens), 0),
      step: 1 / timings.tokensPerSecond, stepBytes: stepBytes(model.config, settings, usage, reader), peak: done.peakBytes,
    };
  } catch (e) {
    return { kind: 'failed', reader, tokens, why: e instanceof Error ? e.message : String(e) };
  }
}

async function lastOf(model: Model, document: string, request: QuestionRequest): Promise<{ readonly done: DoneEvent; readonly first: number }> {
  let first: number | undefined;
  for await (const event of model.generate({ ...request, document })) {
    first ??= performance.now();
    if (event.type === 'done') return { done: event, first };
  }
  throw new Error('the answer ended without its account');
}

/** Bytes that a step must read: all weights but the embedding table, and the cache. */
function stepBytes(config: ModelConfig, { keepChunks, capacity, chunkTokens }: Settings, { contextTokens, queryTokens }: DoneEvent['usage'], reader: 'ours' | 'ours, dense'): number {
  const kept = reader === 'ours' ? Math.min(keepChunks, Math.ceil(contextTokens / chunkTokens)) * Math.min(capacity, contextTokens) : contextTokens;
  return weightBytes(config) - 2 * config.vocabSize * config.hiddenSize + (kept + queryTokens) * config.numLayers * 2 * config.numKvHeads * config.headDim * 2;
}

/** Bytes of all weights in bf16. */
export const weightBytes = (config: ModelConfig): number => 2 * weightElements(config);

/** The model below its public face: for what that does not say. */
export async function decoderOf(dir: string, device: Device): Promise<Decoder & Disposable> {
  const [config, checkpoint] = [await readConfig(dir), openCheckpoint(dir)];
  const weights = await loadWeights(device, config, (name) => checkpoint.get(name), 'bf16');
  return { config, weights, device, dtype: 'bf16', [Symbol.dispose]: () => weights[Symbol.dispose]() };
}
