import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import { manifest } from '../../../kernels-generated/manifest.js';
import { addon } from '../../../runtime/addon.js';
import { decode, readPrompt } from '../../../runtime/decode.js';
import type { DoneEvent } from '../../../runtime/events.js';
import { type LoadOptions, loadModel, openCpuDevice } from '../../../runtime/load.js';
import { tinyModel } from '../../kit/tinyModel.js';
import { fakeCuda } from '../fakeCuda/fake.js';

// The whole way of a model over the GPU's device: the driver is on host memory, and its kernels are the CPU's functions.

const cpu = addon().processor();
const libraries = fileURLToPath(new URL(`../../../build/kernels/cpu/${'why' in cpu ? '' : cpu.instructionSet}/`, import.meta.url));
const fake = fakeCuda(manifest, (file) => join(libraries, `${file}.so`));
afterAll(() => fake.remove());
afterEach(() => fake.set({}));

const bookworm = fileURLToPath(new URL('../../../examples/bookworm/', import.meta.url));
const filler = 'The road went on through the hills, and nobody spoke for a long while. ';
const request = {
  document: `${filler.repeat(30)} The pass key is 14177. Remember it. 14177 is the pass key. ${filler.repeat(60)}`,
  question: '\nQuestion: What is the pass key?\nAnswer: The pass key is', maxTokens: 6, parallelComp: { keepChunks: 2, capacity: 256 },
};

async function answer(options: LoadOptions, signal?: AbortSignal): Promise<{ readonly dtype: string; readonly done: DoneEvent | undefined }> {
  await using model = await loadModel(bookworm, options);
  for await (const event of model.generate({ ...request, signal })) if (event.type === 'done') return { dtype: model.dtype, done: event };
  return { dtype: model.dtype, done: undefined };
}

test.for(['f32', 'bf16'] as const)('answers in %s exactly as the CPU does', async (dtype) => {
  await using gpu = fake.open();
  await using processor = openCpuDevice();
  const [there, here] = [await answer({ device: gpu, dtype }), await answer({ device: processor, dtype })];
  expect(there.done?.text).toContain('14177');
  expect([there.done?.ids, there.done?.firstTop5, there.done?.eviction]).toEqual([here.done?.ids, here.done?.firstTop5, here.done?.eviction]);
  expect(gpu.stats().allocatedBytes).toBe(0);
});

test('computes in bf16 unless said where the weights are stored in it, and holds no second copy of them', async () => {
  await using gpu = fake.open();
  {
    await using model = await loadModel(bookworm, { device: gpu });
    expect([model.dtype, model.deviceChoice]).toEqual(['bf16', undefined]);
    expect(gpu.stats().peakBytes).toBeLessThan(1.3 * 11_000_000);
  }
  await using wide = await loadModel(bookworm, { device: gpu, dtype: 'f32' });
  expect(wide.dtype).toBe('f32');
});

test('decodes by replays: one graph for each length that is outgrown, the first made while the prompt is read, and launches of its kernels only to make one', async () => {
  await using gpu = fake.open();
  const model = await tinyModel(gpu);
  const decoded = async (prompt: number, count: number) => {
    fake.log();
    const state = await readPrompt(model, Array.from({ length: prompt }, (_, i) => i % 24), count);
    await gpu.sync();
    const of = (lines: readonly string[], word: string): number => lines.filter((line) => line.startsWith(word)).length;
    const read = fake.log();
    for await (const _ of decode(model, state, count, [])) { /* all of it */ }
    await gpu.sync();
    const lines = fake.log();
    return { read: of(read, 'graph of'), graphs: of(lines, 'graph of'), replays: of(lines, 'replayed'), destroyed: of(lines, 'graph destroyed'), launches: of(lines, 'launch') };
  };
  const one = { read: 1, graphs: 0, destroyed: 1, launches: 0 };
  expect(await decoded(10, 4)).toEqual({ ...one, replays: 3 });
  expect(await decoded(10, 40)).toEqual({ ...one, replays: 39 });
  const outgrown = await decoded(250, 20);
  expect(outgrown).toEqual({ read: 1, graphs: 1, replays: 19, destroyed: 2, launches: outgrown.launches });
  expect(await decoded(250, 150)).toEqual({ ...outgrown, replays: 149 });
  // Nothing follows a single token.
  expect(await decoded(10, 1)).toEqual({ read: 0, graphs: 0, replays: 0, destroyed: 0, launches: 0 });
});

test('stops at a signal while it reads, gives everything back, and goes on', async () => {
  await using gpu = fake.open();
  await using model = await loadModel(bookworm, { device: gpu });
  const { allocatedBytes } = gpu.stats();
  const stop = new AbortController();
  const events = model.generate({ ...request, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 30);
  await expect(events.next()).rejects.toThrow('enough');
  await gpu.sync().catch(() => {});
  expect(gpu.stats().allocatedBytes).toBe(allocatedBytes);
  let text = '';
  for await (const event of model.generate(request)) if (event.type === 'token') text += event.text;
  expect(text).toContain('14177');
});

test('too little memory for a document is one sentence', async () => {
  fake.set({ memory: 16 << 20 });
  await using gpu = fake.open();
  await expect(answer({ device: gpu })).rejects.toMatchObject({ code: 'R014', message: expect.stringMatching(/^no \d+ MiB left: the device holds \d+ MiB of the GPU's 16 MiB; /) });
});
