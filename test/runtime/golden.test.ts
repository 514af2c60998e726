import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, readPrompt } from '../../runtime/decode.js';
import type { DoneEvent } from '../../runtime/events.js';
import { loadModel, openCpuDevice } from '../../runtime/load.js';
import type { Model } from '../../runtime/model.js';
import { readConfig } from '../../runtime/model/config.js';
import { openCheckpoint } from '../../runtime/model/safetensors.js';
import { finalNorm, forward, workspace } from '../../runtime/model/transformer.js';
import { ropeTable } from '../../runtime/model/rope.js';
import { loadWeights } from '../../runtime/model/weights.js';
import { allocCache, layerOf } from '../../runtime/kvCache.js';
import { topLogits } from '../../runtime/sample.js';

// The compiled kernels on the processor against float64 on the same weights: all texts and all documents of the golden file.

interface Plain { readonly ids: readonly number[]; readonly nll: readonly number[]; readonly top5: readonly (readonly [number, number])[]; readonly greedy: readonly number[] | null }
interface Run {
  readonly chunk: number; readonly keep: number; readonly capacity: number | null; readonly observation_rows: number; readonly pool: number;
  readonly calibration: readonly (readonly [number, number, 'sink' | 'recent' | 'middle'])[];
  readonly chunk_nll: readonly number[]; readonly kept: readonly number[]; readonly excluded: readonly number[] | null;
  readonly out_ids: readonly number[]; readonly out_text: string; readonly first_top5: readonly (readonly [number, number])[];
}
interface Document { readonly kind: string; readonly context: string; readonly question: string; readonly context_tokens: number; readonly query_tokens: number; readonly runs: readonly Run[] }
// The file is this repository's own; test/golden/README.md describes it.
const golden = JSON.parse(gunzipSync(readFileSync(new URL('../golden/bookworm.json.gz', import.meta.url))).toString()) as { readonly plain: readonly Plain[]; readonly parallelcomp: readonly Document[] };
const dir = fileURLToPath(new URL('../../examples/bookworm/', import.meta.url));

/** Logits are near 20 and pass some 3,000 roundings of 2⁻²⁴ each, most of which cancel; float32 elsewhere measured 4e-5. */
const logitError = 1e-3;
const nllError = 1e-4;
/** Ids and logits agree; neighbours closer than the error may have changed places. */
function expectTop(got: readonly (readonly [number, number])[], want: readonly (readonly [number, number])[]): void {
  expect(got.length).toBe(want.length);
  want.forEach(([id, logit], i) => {
    expect(Math.abs((got[i]?.[1] ?? NaN) - logit)).toBeLessThan(logitError);
    const mine = got[i]?.[0];
    if (mine !== id) expect(want.some(([other, x]) => other === mine && Math.abs(x - logit) < logitError)).toBe(true);
  });
}

let model: Model;
beforeAll(async () => { model = await loadModel(dir, { device: 'cpu' }); });
afterAll(async () => { await model[Symbol.asyncDispose](); });

describe('plain texts', () => {
  test.each(golden.plain.map((g) => [g.ids.length, g] as const))('%i ids: every NLL, the five best next tokens, the continuation', async (_, { ids, nll, top5, greedy }) => {
    await using device = openCpuDevice();
    const config = await readConfig(dir);
    const checkpoint = openCheckpoint(dir);
    using weights = await loadWeights(device, config, (name) => checkpoint.get(name), 'f32');
    const decoder = { config, weights, device, dtype: 'f32' as const };
    using ws = workspace(decoder, ids.length);
    using rope = ropeTable(device, config, 0, ids.length);
    using cache = allocCache(device, config, 'f32', ids.length);
    const h = await forward(decoder, ws, { ids, rope, rows: { kind: 'sequence', first: 0, outputFrom: 0 }, cache: (l) => layerOf(cache, l) });
    const rows = ids.length - 1;
    using target = device.alloc('i32', [rows]);
    using out = device.alloc('f32', [rows]);
    device.write(target, Int32Array.from(ids.slice(1)));
    device.launch('queryNll', { h: finalNorm(decoder, ws, h.slice(0, rows)), w: weights.head, target }, { out });
    const got = await device.read(out);
    nll.forEach((x, i) => { expect(Math.abs((got[i] ?? NaN) - x)).toBeLessThan(nllError); });

    const state = await readPrompt(decoder, ids, 12);
    expectTop(topLogits(state.logits, 5), top5);
    const continued: number[] = [];
    for await (const step of decode(decoder, state, greedy === null ? 1 : 12, config.eosIds)) continued.push(step.id);
    expect(continued).toEqual(greedy ?? [top5[0]?.[0]]);
  });
});

const cases = golden.parallelcomp.flatMap((d) => d.runs.map((run, i) => ({ title: `${d.kind} of ${d.context_tokens} tokens, run ${i}`, d, run })));
/** Of each document one run goes with all its chunks together as well, one with some of them and one over stored chunks; GOLDEN_BATCHES=all lets every run do so. */
function budgets(i: number, chunks: number): readonly (readonly [how: string, memoryBudget: number | undefined])[] {
  const turn = process.env['GOLDEN_BATCHES'] === 'all' ? undefined : (i + Math.floor(i / 6)) % 6;
  return [
    ['one by one', undefined],
    ...(chunks > 1 && (turn ?? 0) === 0 ? [['all together', Number.POSITIVE_INFINITY] as const] : []),
    ...(chunks > 3 && (turn ?? 3) === 3 ? [['some together', 96 * 2 ** 20] as const] : []),
    ...((turn ?? 1) === 1 ? [['stored', undefined] as const] : []),
  ];
}

describe('ParallelComp', () => {
  test.each(cases.flatMap((c, i) => budgets(i, c.run.chunk_nll.length).map(([how, memoryBudget]) => ({ ...c, how, memoryBudget }))))('$title, chunks $how', async ({ d, run, how, memoryBudget }) => {
    let done: DoneEvent | undefined;
    const calibration = run.calibration.map(([from, to, zone]) => ({ from, to, zone }));
    const options = { keepChunks: run.keep, capacity: run.capacity ?? undefined, observationRows: run.observation_rows, pool: run.pool, calibration };
    const cut = { chunkTokens: run.chunk, chunkCut: 'fixed' as const };
    const asked = { question: d.question, method: 'parallelcomp' as const, maxTokens: 8, memoryBudget };
    await using document = how === 'stored' ? await model.prefill({ contexts: d.context, ...cut }) : undefined;
    const events = document?.generate({ ...asked, parallelComp: options }) ?? model.generate({ ...asked, document: d.context, parallelComp: { ...options, ...cut } });
    for await (const event of events) if (event.type === 'done') done = event;
    const chunks = done?.eviction?.chunks ?? [];
    expect(done?.usage).toMatchObject({ contextTokens: d.context_tokens, queryTokens: d.query_tokens, chunks: run.chunk_nll.length });
    chunks.forEach((c, i) => { expect(Math.abs(c.nll - (run.chunk_nll[i] ?? NaN))).toBeLessThan(nllError); });
    expect(chunks.filter((c) => c.kept).map((c) => c.index)).toEqual(run.kept);
    expect(done?.eviction?.excludedPerLayer ?? null).toEqual(run.excluded);
    expect(done?.ids).toEqual(run.out_ids);
    expect(done?.text).toBe(run.out_text);
    expectTop(done?.firstTop5 ?? [], run.first_top5);
  });
});
