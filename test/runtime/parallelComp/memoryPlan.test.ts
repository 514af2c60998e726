import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import type { Device } from '../../../runtime/device.js';
import { RuntimeError } from '../../../runtime/error.js';
import { paperMix } from '../../../runtime/parallelComp/calibration.js';
import { askedAtOnce, bytesToStore, inFlightOn } from '../../../runtime/parallelComp/inFlight.js';
import { bytesNeeded, chunksInFlight, memoryPlan, type RunSizes } from '../../../runtime/parallelComp/memoryPlan.js';
import { complete, defaults, type GivenOptions } from '../../../runtime/parallelComp/options.js';
import { parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { decode } from '../../../runtime/decode.js';
import type { Decoder } from '../../../runtime/model/transformer.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyConfig, tinyModel } from '../../kit/tinyModel.js';

const device = await referenceDevice();
const model = await tinyModel(device, { numLayers: 3 });

const options = fc.record({
  keepChunks: fc.integer({ min: 1, max: 4 }), capacity: fc.constantFrom(undefined, 3, 6), pool: fc.constantFrom(1, 7), observationRows: fc.constantFrom(1, 8),
  calibration: fc.constantFrom([], paperMix(3)), chunkTokens: fc.integer({ min: 5, max: 16 }), chunkCut: fc.constantFrom('even', 'fixed'),
});

/** The most bytes that a whole answer has held. */
async function peakOf(given: GivenOptions, context: readonly number[], question: readonly number[], bosId: number | undefined, inFlight: number, dtype: Decoder['dtype'] = 'f32'): Promise<{ readonly peak: number; readonly live: number }> {
  const fresh = await referenceDevice();
  const own = await tinyModel(fresh, { numLayers: 3 }, dtype);
  const { state } = await parallelComp(own, { context: [context], question, bosId, maxTokens: 3 }, complete(given), { inFlight: () => inFlight });
  for await (const _ of decode(own, state, 3, [])) { /* all of it */ }
  return { peak: fresh.stats().peakBytes, live: fresh.live() };
}

const ids = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => 2 + ((i * 7) % 22));
const sizesOf = (given: GivenOptions, context: readonly number[], question: readonly number[], hasBos: boolean): RunSizes =>
  ({ context: Math.min(given.chunkTokens ?? 0, context.length) + (hasBos ? 1 : 0), question: question.length, chunks: Math.ceil(context.length / (given.chunkTokens ?? 1)), maxTokens: 3 });

describe('the memory plan', () => {
  test.prop([options, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, undefined), fc.integer({ min: 1, max: 6 }), fc.constantFrom('f32', 'bf16')], { numRuns: 25 })(
    'is never exceeded, and not far from what is held', async (given, tokens, asked, bosId, wanted, dtype) => {
      const [context, question] = [ids(tokens), ids(asked)];
      const sizes = sizesOf(given, context, question, bosId !== undefined);
      const inFlight = Math.min(wanted, sizes.chunks);
      const needed = bytesNeeded(memoryPlan({ config: model.config, dtype }, complete(given), bosId !== undefined, sizes), inFlight);
      const { peak } = await peakOf(given, context, question, bosId, inFlight, dtype);
      expect(peak).toBeLessThanOrEqual(needed);
      expect(peak).toBeGreaterThan(needed / 2);
    });

  test.prop([fc.integer({ min: 1, max: 4 }), fc.constantFrom(undefined, 5)], { numRuns: 6 })('does not know how long the document is, and neither does the device', async (inFlight, capacity) => {
    const given = { keepChunks: 2, chunkTokens: 10, chunkCut: 'fixed' as const, capacity };
    const peaks = await Promise.all([80, 120, 200].map(async (tokens) => (await peakOf(given, ids(tokens), ids(3), 0, inFlight)).peak));
    // From the second full batch on the queue is full, whichever chunks are in it.
    expect(new Set(peaks).size).toBe(1);
  });

  test.prop([fc.integer({ min: 1, max: 40 }), options])('allows as many chunks as need no more than the budget', (count, given) => {
    const plan = memoryPlan({ config: tinyConfig, dtype: 'bf16' }, complete(given), true, { context: 100, question: 10, chunks: 1000, maxTokens: 5 });
    const budget = bytesNeeded(plan, count);
    const allowed = chunksInFlight(plan, budget);
    expect(allowed).toBeGreaterThanOrEqual(count);
    expect(bytesNeeded(plan, allowed)).toBeLessThanOrEqual(budget);
    expect(bytesNeeded(plan, allowed + 1)).toBeGreaterThan(budget);
    expect(chunksInFlight(plan, bytesNeeded(plan, 1) - 1)).toBe(0);
  });

  const plan = { layers: 1, fixed: 100, chunk: 10, kept: 20, merged: 5 };
  const on = (kind: 'cpu' | 'cuda', capacityBytes?: number, allocatedBytes = 0): Pick<Device, 'kind' | 'stats'> =>
    ({ kind, stats: () => ({ allocatedBytes, peakBytes: 0, ...(capacityBytes === undefined ? {} : { capacityBytes }) }) });

  example.each<[string, number, number]>([
    ['one chunk on a processor, however much memory it has', inFlightOn(on('cpu', 1e9), undefined, plan, 1), 1],
    ['one chunk on a GPU that does not say what it has', inFlightOn(on('cuda'), undefined, plan, 1), 1],
    ['what a GPU has room for', inFlightOn(on('cuda', 500), undefined, plan, 1), 28],
    ['no more than keeps a GPU busy', inFlightOn(on('cuda', 1e9), undefined, plan, 4000), 5],
    ['what 6 GiB beside the weights have room for', inFlightOn(on('cuda', 1e12), undefined, { layers: 1, fixed: 1e11, chunk: 1e9, kept: 1.1e9, merged: 5 }, 1), 4],
    ['one chunk on a GPU that is too small: it says so itself', inFlightOn(on('cuda', 10), undefined, plan, 1), 1],
    ['less where other documents lie on it', inFlightOn(on('cuda', 500, 200), undefined, plan, 1), 20],
    ['stored chunks as far as a launch stays short', askedAtOnce(on('cpu', 1e9), undefined, plan, 1000), 16],
    ['more of them on a GPU', askedAtOnce(on('cuda', 1e9), undefined, plan, 1000), 65],
    ['stored chunks as far as memory goes', askedAtOnce(on('cuda', 500, 200), undefined, plan, 1), 20],
    ['one stored chunk, however long', askedAtOnce(on('cpu'), undefined, plan, 1e6), 1],
    ['bytes to store: what a question leaves of a GPU', bytesToStore(on('cuda', 500, 200), undefined, plan), (500 - 100) / 1.25 - 130],
    ['and of half a processor\'s memory', bytesToStore(on('cpu', 500, 50), undefined, plan), 250 / 1.25 - 130],
    ['none where a question leaves none', bytesToStore(on('cuda', 10), undefined, plan), 0],
    ['all where nothing is known', bytesToStore(on('cpu'), undefined, plan), Number.POSITIVE_INFINITY],
    ['what the budget leaves', bytesToStore(on('cuda', 500), 250, plan), 250 / 1.25 - 130],
    ['what the budget allows, on any device', inFlightOn(on('cpu'), 250, plan, 1), 8],
  ])('%s', (_, got, want) => { expect(got).toBe(want); });

  example.each([0, 162, Number.NaN])('a budget of %d is refused, with what is needed', (budget) => {
    expect(() => inFlightOn(on('cpu'), budget, plan, 1)).toThrow(new RuntimeError('R403', `memoryBudget is ${budget}, it must be at least 163 bytes, of which the weights take 125`, { remedy: 'raise it, or use smaller chunks, fewer of them or a lower capacity' }));
  });

  example('is near the known figures of a large model', () => {
    const llama8b = {
      ...tinyConfig, vocabSize: 128256, hiddenSize: 4096, numLayers: 32, numHeads: 32, numKvHeads: 8, headDim: 128, ffnSize: 14336, window: 8192, tiedEmbeddings: false,
    };
    const plan = memoryPlan({ config: llama8b, dtype: 'bf16' }, { ...defaults, capacity: 4000 }, true, { context: 7600, question: 300, chunks: 100, maxTokens: 64 });
    const gib = (bytes: number): number => Math.round((bytes / 2 ** 30) * 100) / 100;
    // 8.03 billion weights of two bytes. 4,000 tokens of three chunks are 1.46 GiB at 128 KiB each; rows in reserve and scores come on top.
    expect([gib(plan.fixed), gib(plan.kept), gib(plan.merged)]).toEqual([14.96, 1.61, 1.56]);
    expect(chunksInFlight(plan, 80 * 2 ** 30)).toBeGreaterThan(40);
  });
});
