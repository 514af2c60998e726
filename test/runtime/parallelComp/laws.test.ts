import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { decode, readPrompt } from '../../../runtime/decode.js';
import type { Decoder } from '../../../runtime/model/transformer.js';
import type { Prompt } from '../../../runtime/parallelComp/chunking.js';
import { complete, type GivenOptions } from '../../../runtime/parallelComp/options.js';
import { parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import type { EvictionReport } from '../../../runtime/parallelComp/report.js';
import { prepareBatch } from '../../../runtime/parallelComp/batch.js';
import { chunkSpace, prefillBatch } from '../../../runtime/parallelComp/prefill.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

// Laws 17 to 22 of ParallelComp, on a random model in float64. Weights and angles are f32, so nothing below is exact by accident.

const model: Decoder = await tinyModel(await referenceDevice(), { numLayers: 2 });
const token = fc.integer({ min: 2, max: 23 });
const text = (min: number, max: number) => fc.array(token, { minLength: min, maxLength: max });
const prompt = fc.record({ context: text(12, 30).map((ids) => [ids]), question: text(1, 5), bosId: fc.constantFrom(0, undefined), maxTokens: fc.constant(2) });
const runs = { numRuns: 6 };

interface Outcome { readonly logits: readonly Float32Array[]; readonly ids: readonly number[]; readonly nll: readonly number[]; readonly kept: readonly number[] }
async function outcome(prompt: Prompt, given: GivenOptions, inFlight = 1): Promise<Outcome & { readonly report: EvictionReport }> {
  const { state, report: told } = await parallelComp(model, prompt, complete(given), { inFlight: () => inFlight });
  const report = told();
  return { ...(await steps(decode(model, state, prompt.maxTokens, []))), report, nll: report.chunks.map((c) => c.nll), kept: report.chunks.filter((c) => c.kept).map((c) => c.index) };
}
async function steps(decoding: ReturnType<typeof decode>): Promise<Pick<Outcome, 'logits' | 'ids'>> {
  const logits: Float32Array[] = [];
  const ids: number[] = [];
  for await (const step of decoding) {
    logits.push(await step.scores());
    ids.push(step.id);
  }
  return { logits, ids };
}
/** Sums in another order, in float64, then one rounding to f32: logits stay below 16. */
const close = (a: readonly Float32Array[], b: readonly Float32Array[]): void => {
  expect(a.length).toBe(b.length);
  a.forEach((row, i) => { row.forEach((x, t) => { expect(Math.abs(x - (b[i]?.[t] ?? NaN))).toBeLessThan(2e-6); }); });
};
const shuffled = <T>(items: readonly T[], order: readonly number[]): T[] => order.flatMap((i) => items.slice(i, i + 1));

describe('ParallelComp', () => {
  test.prop([prompt], runs)('17: one chunk with nothing evicted is the plain model', async (p) => {
    const one = await outcome(p, { keepChunks: 1, chunkTokens: 40 });
    const [context = []] = p.context;
    const plain = await readPrompt(model, [...(p.bosId === undefined ? [] : [p.bosId]), ...context, ...p.question], p.maxTokens);
    const want = await steps(decode(model, plain, p.maxTokens, []));
    close(one.logits, want.logits);
    expect(one.ids).toEqual(want.ids);
  });

  test.prop([prompt, fc.integer({ min: 0, max: 3 })], runs)('18: a capacity that no chunk exceeds evicts nothing, bit for bit', async (p, spare) => {
    const size = 9;
    const all = await outcome(p, { chunkTokens: size });
    const capped = await outcome(p, { chunkTokens: size, capacity: size + 1 + spare });
    expect(capped.logits).toEqual(all.logits);
  });

  test.prop([fc.array(text(8, 8), { minLength: 3, maxLength: 3 }), text(2, 4), fc.constantFrom([2, 0, 1], [1, 2, 0], [0, 2, 1]), fc.boolean()], runs)(
    '19: permuting the chunks permutes scores and kept chunks, and the answer stays', async (context, question, order, evicts) => {
      const options = { keepChunks: 2, chunkTokens: 8, capacity: evicts ? 5 : undefined };
      const p = { context, question, bosId: undefined, maxTokens: 2 };
      const first = await outcome(p, options);
      const second = await outcome({ ...p, context: shuffled(context, order) }, options);
      expect(second.nll).toEqual(shuffled(first.nll, order));
      // Equal chunks tie, and then the place decides.
      if (new Set(first.nll).size === first.nll.length) {
        expect(second.kept.map((i) => order[i]).sort()).toEqual([...first.kept].sort());
        close(second.logits, first.logits);
      }
    });

  test.prop([text(6, 16), text(1, 4), text(1, 4)], runs)("21: a chunk's K and V do not depend on the question", async (ids, one, other) => {
    using space = chunkSpace(model, ids.length + 1 + 4, 1);
    const context = ids.length + 1;
    const stored = async (question: readonly number[]) => {
      using batch = await prefillBatch(model, space, prepareBatch([{ index: 0, start: 0, ids: [0, ...ids] }], question, complete({}), true), complete({}), true);
      return await Promise.all(batch.layers.flatMap((l) => [model.device.read(l.keys.slice(0, context)), model.device.read(l.values.slice(0, context))]));
    };
    expect(await stored(one)).toEqual(await stored(other));
  });

  test.prop([prompt, fc.constantFrom(0.05, 0.1, 0.3, 0.5), fc.integer({ min: 0, max: 12 }), fc.constantFrom(undefined, 6)], runs)(
    '22: at most ⌈1/λ⌉ − 1 keys are excluded per head, layer and chunk, and never the question', async (p, threshold, edge, capacity) => {
      const calibration = (['sink', 'middle', 'recent'] as const).map((zone) => ({ from: 0, to: 1, zone }));
      const { report } = await outcome(p, { calibration, threshold, edge, capacity, chunkTokens: 10 });
      const counts = report.layers.flatMap((parts) => parts.flatMap((part) => (part.excluded ?? []).flat()));
      expect(counts.length).toBeGreaterThan(0);
      expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(1 / threshold) - 1);
      for (const part of report.layers.flat()) {
        expect(part.excludedColumns?.map((heads) => heads.map((columns) => columns.length))).toEqual(part.excluded);
        part.excludedColumns?.forEach((heads, g) => { expect(heads.flat().every((column) => part.columns[g]?.includes(column))).toBe(true); });
      }
    });

  const choices = fc.record({
    keepChunks: fc.integer({ min: 1, max: 4 }), capacity: fc.constantFrom(undefined, 1, 3, 6), pool: fc.constantFrom(1, 3, 7), observationRows: fc.constantFrom(1, 3, 12), group: fc.constantFrom('sum', 'max'),
    chunkTokens: fc.integer({ min: 3, max: 9 }), chunkCut: fc.constantFrom('even', 'fixed'), calibration: fc.constantFrom([], [{ from: 1, to: 1, zone: 'middle' }] as const), threshold: fc.constant(0.05), edge: fc.constant(1),
  });
  test.prop([fc.array(text(1, 30), { minLength: 1, maxLength: 3 }), text(1, 5), fc.constantFrom(0, undefined), choices, fc.integer({ min: 2, max: 9 })], { numRuns: 20 })(
    'chunks that go together score, keep and answer as they do one by one, bit for bit', async (context, question, bosId, options, inFlight) => {
      const p = { context, question, bosId, maxTokens: 2 };
      expect(await outcome(p, options, inFlight)).toEqual(await outcome(p, options));
    });

  test.prop([text(60, 60), text(2, 4), fc.constantFrom(undefined, 5)], { numRuns: 3 })('memory does not grow with the document', async (ids, question, capacity) => {
    const peak = async (context: readonly number[]): Promise<number> => {
      const fresh = await tinyModel(await referenceDevice(), { numLayers: 2 });
      const { state } = await parallelComp(fresh, { context: [context], question, bosId: 0, maxTokens: 2 }, complete({ keepChunks: 2, chunkTokens: 10, chunkCut: 'fixed', capacity }));
      state.cache[Symbol.dispose]();
      return fresh.device.stats().peakBytes;
    };
    expect(await peak(ids)).toBe(await peak(ids.slice(0, 30)));
  });
});
