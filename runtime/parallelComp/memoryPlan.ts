import { dtypeBytes } from '../../dsl/dtype.js';
import { choiceBytes } from '../model/choice.js';
import { type KvFormat, kvDtype } from '../kvCache.js';
import type { ModelConfig } from '../model/config.js';
import type { Decoder } from '../model/transformer.js';
import { weightElements } from '../model/weights.js';
import { storedColumns } from './batch.js';
import { zonesOf } from './calibration.js';
import type { ParallelCompOptions } from './options.js';

/** Lengths of a run: `context` the most columns of a chunk, BOS included. */
export interface RunSizes { readonly context: number; readonly question: number; readonly chunks: number; readonly maxTokens: number }

/**
 * Bytes that tensors of a run take on the device. `fixed`: weights and what batches share; `chunk`: one in flight, with its
 * activations, one layer of full K and V, and all its layers thinned; `kept`: the chunks in the queue; `merged`: the cache
 * of pass 2 and all that decoding needs.
 */
export interface MemoryPlan { readonly layers: number; readonly fixed: number; readonly chunk: number; readonly kept: number; readonly merged: number }

export function memoryPlan(model: Pick<Decoder, 'config' | keyof KvFormat>, options: ParallelCompOptions, hasBos: boolean, { context, question, chunks, maxTokens }: RunSizes): MemoryPlan {
  const { config, dtype } = model;
  const { numLayers, numHeads, numKvHeads, headDim } = config;
  const wide = dtypeBytes[dtype];
  // Of a row of one layer, as it is stored and as it is computed.
  const kv = 2 * numKvHeads * headDim * dtypeBytes[kvDtype(model)];
  const computed = 2 * numKvHeads * headDim * wide;
  const angles = 4 * headDim;
  const rows = context + question;
  const outputs = Math.min(rows, Math.max(question + 1, options.observationRows));
  const { capacity = context } = options;
  const evicts = context > capacity;
  const calibrated = Array.from({ length: numLayers }, (_, l) => zonesOf(options.calibration, l)).filter((zones) => zones !== 0).length;

  // A shorter chunk that fits its capacity is stored with the question's rows behind it.
  const stored = evicts ? Math.max(storedColumns(context, options, hasBos), capacity + question) : rows;
  const choice = evicts ? 4 * numKvHeads * (stored + rows) : 0;
  const layersOfChunk = numLayers * (stored * kv + choice) + calibrated * numHeads * (headDim * wide + 4);
  const fullLayer = (evicts || kv !== computed ? rows * computed : 0) + (evicts ? rows * 4 * numKvHeads : 0);
  const index = 4 * rows + 8 * outputs + 12 * question + 24;
  const activations = rows * (activationBytes(config, wide) + angles) + outputs * angles;

  const keep = Math.min(options.keepChunks, chunks);
  const survivors = keep * Math.min(context, capacity);
  const told = keep * (4 * numKvHeads * (evicts ? 2 * numLayers * capacity : context) + 4 * numLayers * numHeads + 24);
  const choosing = evicts ? 4 * numKvHeads * (rows + capacity) : 0;
  const cacheRows = survivors + question + maxTokens;
  const step = activationBytes(config, wide) + computed / 2 + angles + 4 * 20 + endsBytes + choiceBytes(config.vocabSize);
  const passTwo = question * activationBytes(config, wide) + endsBytes + step + (question + maxTokens) * angles;
  return {
    layers: numLayers,
    fixed: weightElements(config) * wide + rows * angles + endsBytes + 12 + (kv !== computed ? numLayers * 8 * numKvHeads : 0),
    chunk: activations + index + fullLayer + layersOfChunk,
    kept: keep * (layersOfChunk + choice),
    // One bias more is copied to the calibrated layers.
    merged: cacheRows * (numLayers * kv + (calibrated === 0 ? 0 : calibrated + 1) * 4 * numHeads) + told + choosing + passTwo,
  };
}

/** Bytes of a workspace beside its rows. */
const endsBytes = 16;

/** Bytes of one row in a workspace. */
const activationBytes = ({ hiddenSize, numHeads, headDim, ffnSize }: ModelConfig, wide: number): number =>
  wide * (hiddenSize + 2 * numHeads * headDim + ffnSize) + 4 * (2 * hiddenSize + numHeads + 1);

/** The most a run needs with so many chunks in flight: while chunks are read, or while the kept ones become one cache layer by layer. */
export const bytesNeeded = ({ layers, fixed, chunk, kept, merged }: MemoryPlan, inFlight: number): number =>
  fixed + Math.max(kept + inFlight * chunk, kept + merged / layers, merged + kept / layers);

/** How many chunks may be in flight within a budget; 0 where not even one. */
export const chunksInFlight = (plan: MemoryPlan, budget: number): number =>
  bytesNeeded(plan, 1) <= budget ? Math.floor((budget - plan.fixed - plan.kept) / plan.chunk) : 0;
