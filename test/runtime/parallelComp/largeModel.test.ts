import { describe, expect, test } from 'vitest';
import { decode } from '../../../runtime/decode.js';
import type { ModelConfig } from '../../../runtime/model/config.js';
import { loadWeights, specsOf } from '../../../runtime/model/weights.js';
import { paperMix } from '../../../runtime/parallelComp/calibration.js';
import { inFlightOn } from '../../../runtime/parallelComp/inFlight.js';
import { complete, type GivenOptions } from '../../../runtime/parallelComp/options.js';
import { parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { countingDevice } from '../../kit/countingDevice.js';
import { tinyConfig } from '../../kit/tinyModel.js';

// What a GPU of 80 GB holds at most while a model of Llama-3-8B's shapes reads documents: the runtime's own steps over a device that counts.

const llama8b: ModelConfig = { ...tinyConfig, vocabSize: 128256, hiddenSize: 4096, numLayers: 32, numHeads: 32, numKvHeads: 8, headDim: 128, ffnSize: 14336, window: 8192 };
const paper: GivenOptions = { chunkTokens: 7600, keepChunks: 3, capacity: 4000, calibration: paperMix(32) };
const gib = 2 ** 30;

interface Held { readonly weights: number; readonly peak: number; readonly inFlight: number }

async function heldBy(tokens: number, given: GivenOptions, budget?: number, questionTokens = 40): Promise<Held> {
  const device = countingDevice(80e9);
  const shapes = new Map<string, readonly number[]>();
  const specs = specsOf.llama(llama8b);
  const { layers, ...ends } = specs;
  for (const spec of [...Object.values(ends), ...layers.flatMap(({ bias: _, ...layer }) => Object.values(layer))]) if (spec !== undefined) shapes.set(spec.name, spec.shape);
  const weights = await loadWeights(device, llama8b, (name) => ({ dtype: 'bf16', shape: shapes.get(name) ?? [], bytes: new Uint8Array() }), 'bf16');
  const before = device.heldBytes();
  const model = { config: llama8b, weights, device, dtype: 'bf16' } as const;
  let inFlight = 0;
  const { state } = await parallelComp(model, { context: [new Array<number>(tokens).fill(5)], question: new Array<number>(questionTokens).fill(7), bosId: 0, maxTokens: 64 }, complete(given), {
    inFlight: (plan, rows) => (inFlight = inFlightOn(device, budget, plan, rows)),
  });
  for await (const _ of decode(model, state, 4, [])) { /* all of it */ }
  return { weights: before, peak: device.stats().peakBytes, inFlight };
}

describe('a model of 8 billion weights', () => {
  test.for([8_000, 32_768, 131_072, 1_048_576])('reads %d tokens in 6 GiB beside its weights', async (tokens) => {
    const { weights, peak, inFlight } = await heldBy(tokens, paper);
    // 16.06 GB, and what size classes lose.
    expect(weights / 16.06e9).toBeGreaterThan(1);
    expect(weights / 16.06e9).toBeLessThan(1.01);
    expect((peak - weights) / gib).toBeLessThan(6);
    expect(inFlight).toBeGreaterThan(1);
  });

  test('holds as much whatever the document\'s length', async () => {
    const peaks = await Promise.all([15, 60, 150].map(async (chunks) => (await heldBy(7600 * chunks, paper)).peak));
    expect(Math.max(...peaks) / Math.min(...peaks)).toBeLessThan(1.02);
  });

  test.for<[string, GivenOptions, number, number]>([
    ['a question of 500 tokens', paper, 500, 6],
    ['small chunks', { chunkTokens: 500, keepChunks: 20, capacity: 200 }, 40, 6],
    // What is joined has other sizes than what it is joined from, so that both are held for a while.
    ['all tokens of three chunks kept', { chunkTokens: 7600, keepChunks: 3 }, 40, 8],
  ])('with %s likewise, or in a little more', async ([, given, question, most]) => {
    const { weights, peak } = await heldBy(131_072, given, undefined, question);
    expect((peak - weights) / gib).toBeLessThan(most);
  });

  test.for([24, 40, 70])('takes what a budget of %d GB allows, and not more', async (gb) => {
    const { peak, inFlight } = await heldBy(131_072, paper, gb * 1e9);
    expect(peak).toBeLessThanOrEqual(gb * 1e9);
    expect(peak).toBeGreaterThan(0.7 * Math.min(gb * 1e9, 45e9));
    expect(inFlight).toBeGreaterThanOrEqual(1);
  });
});
