import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { decode, readPrompt } from '../../../runtime/decode.js';
import type { KvScales } from '../../../runtime/kvCache.js';
import { measureScales, scaleOf } from '../../../runtime/model/kvScales.js';
import type { Decoder } from '../../../runtime/model/transformer.js';
import { paperMix } from '../../../runtime/parallelComp/calibration.js';
import { askChunks, readChunks } from '../../../runtime/parallelComp/chunkedDocument.js';
import type { Prompt } from '../../../runtime/parallelComp/chunking.js';
import { bytesNeeded, memoryPlan } from '../../../runtime/parallelComp/memoryPlan.js';
import { complete } from '../../../runtime/parallelComp/options.js';
import { type Compressed, parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { storedBytes } from '../../../runtime/parallelComp/stored.js';
import { scope } from '../../../runtime/scope.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

// The reference device computes in float64 and does not round what it stores. Scales are powers of two: where K and V go
// through the memory of 8 bits in the right units, every number comes out as it would without.

const device = await referenceDevice();
const plain = await tinyModel(device, { numLayers: 3 });
const ids = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => 2 + ((i * 7) % 22));
const held = scope();
const scales = await measureScales(plain, ids(24), held.own);
const eight: Decoder = { ...plain, kvScales: scales };

const token = fc.integer({ min: 2, max: 23 });
const text = (min: number, max: number) => fc.array(token, { minLength: min, maxLength: max });
const choices = fc.record({
  keepChunks: fc.integer({ min: 1, max: 3 }), capacity: fc.constantFrom(undefined, 3, 6), pool: fc.constantFrom(1, 7), observationRows: fc.constantFrom(1, 8), group: fc.constantFrom('sum', 'max'),
  calibration: fc.constantFrom([], paperMix(3)), threshold: fc.constant(0.05), edge: fc.constant(1), chunkTokens: fc.integer({ min: 5, max: 12 }), chunkCut: fc.constantFrom('even', 'fixed'),
});

async function outcome(model: Decoder, { state, report }: Compressed) {
  const steps: (readonly [number, Float32Array])[] = [];
  for await (const step of decode(model, state, 3, [])) steps.push([step.id, await step.scores()]);
  return { report: report(), first: state.logits, steps };
}

describe('K and V in 8 bits, where nothing is rounded', () => {
  test.prop([text(1, 60), text(1, 5), choices, fc.constantFrom(0, undefined), fc.integer({ min: 1, max: 4 })], { numRuns: 12 })('a run gives the very answer that it gives without', async (context, question, given, bosId, inFlight) => {
    const before = device.live();
    const run = async (model: Decoder) => await outcome(model, await parallelComp(model, { context: [context], question, bosId, maxTokens: 3 }, complete(given), { inFlight: () => inFlight }));
    expect(await run(eight)).toEqual(await run(plain));
    expect(device.live()).toBe(before);
  });

  test.prop([text(8, 40), text(1, 5), choices, fc.constantFrom(0, undefined)], { numRuns: 8 })('and so does a question to a stored document', async (context, question, given, bosId) => {
    const before = device.live();
    const prompt: Prompt = { context: [context], question, bosId, maxTokens: 3 };
    const run = async (model: Decoder) => {
      using document = await readChunks(model, { ...prompt, question: [] }, { size: 9, cut: 'even', room: 8, budget: undefined });
      return await outcome(model, await askChunks(model, document, prompt, complete(given), undefined, {}));
    };
    expect(await run(eight)).toEqual(await run(plain));
    expect(device.live()).toBe(before);
  });

  test.prop([text(1, 30)], { numRuns: 6 })('and so does a plain prompt', async (prompt) => {
    const run = async (model: Decoder) => {
      const state = await readPrompt(model, prompt, 3);
      const steps: number[] = [];
      for await (const step of decode(model, state, 3, [])) steps.push(step.id, ...await step.scores());
      return steps;
    };
    expect(await run(eight)).toEqual(await run(plain));
  });

  example('goes through kernels for 8 bits alone', async () => {
    const before = device.launched.length;
    const given = complete({ keepChunks: 2, capacity: 4, chunkTokens: 10, calibration: paperMix(3) });
    await outcome(eight, await parallelComp(eight, { context: [ids(40)], question: [3, 4], bosId: 0, maxTokens: 3 }, given));
    const launched = new Set(device.launched.slice(before));
    expect(['compactScaled', 'hotKeysScaled', 'queryAttentionScaled', 'chunkAttentionScaled', 'appendRowScaled', 'narrowRows'].filter((name) => !launched.has(name))).toEqual([]);
    expect(['hotKeys', 'queryAttention', 'appendRow', 'causalAttention'].filter((name) => launched.has(name))).toEqual([]);
  });
});

describe('what 8 bits take', () => {
  test.prop([choices, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom('f32', 'bf16')], { numRuns: 12 })('is what the memory plan says, and not far from it', async (given, tokens, asked, dtype) => {
    const fresh = await referenceDevice();
    const whole = await tinyModel(fresh, { numLayers: 3 }, dtype);
    const { own } = scope();
    const model = { ...whole, kvScales: await measureScales(whole, [2, 3], own) };
    const sizes = { context: Math.min(given.chunkTokens, tokens) + 1, question: asked, chunks: Math.ceil(tokens / given.chunkTokens), maxTokens: 3 };
    const { state } = await parallelComp(model, { context: [ids(tokens)], question: ids(asked), bosId: 0, maxTokens: 3 }, complete(given));
    for await (const _ of decode(model, state, 3, [])) { /* all of it */ }
    const needed = bytesNeeded(memoryPlan(model, complete(given), true, sizes), 1);
    expect(fresh.stats().peakBytes).toBeLessThanOrEqual(needed);
    expect(fresh.stats().peakBytes).toBeGreaterThan(needed / 2);
  });

  example('is a quarter of f32 and half of bf16', () => {
    const of = (dtype: 'f32' | 'bf16', kvScales?: readonly KvScales[]): number => storedBytes({ config: plain.config, dtype, kvScales }, 1000);
    expect([of('f32', scales), of('bf16', scales)]).toEqual([of('f32') / 4, of('bf16') / 2]);
  });
});

describe('scales', () => {
  test.prop([fc.double({ min: 1e-6, max: 1e6, noNaN: true })])('are powers of two that leave room for twice as much, and no more than needed', (peak) => {
    const scale = scaleOf(peak);
    expect(Number.isInteger(Math.log2(scale))).toBe(true);
    expect((2 * peak) / scale).toBeLessThanOrEqual(448);
    expect((2 * peak) / scale).toBeGreaterThan(224);
  });

  example('of heads that show nothing, or no number, are 1', () => {
    expect([0, NaN, Infinity].map(scaleOf)).toEqual([1, 1, 1]);
  });

  example('follow the largest K and V that each head makes', async () => {
    const state = await readPrompt(plain, ids(24), 0);
    const got = await Promise.all(scales.flatMap((s) => [device.read(s.keys), device.read(s.values)]));
    const want = await Promise.all(state.cache.layers.flatMap((l) => [l.keys, l.values]).map(async (t) => {
      const [rows = 0, heads = 0, width = 0] = t.shape;
      const all = await device.read(t);
      return Array.from({ length: heads }, (_, g) => scaleOf(Math.max(...Array.from({ length: rows * width }, (_, i) => Math.abs(all[(Math.floor(i / width) * heads + g) * width + (i % width)] ?? 0)))));
    }));
    expect(got.map((s) => [...s])).toEqual(want);
    state.cache[Symbol.dispose]();
  });
});
