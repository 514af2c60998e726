import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { DoneEvent } from '../../../runtime/events.js';
import type { GenerateRequest } from '../../../runtime/request.js';
import { loadModel, openCpuDevice } from '../../../runtime/load.js';
import type { Model } from '../../../runtime/model.js';

const bookworm = fileURLToPath(new URL('../../../examples/bookworm/', import.meta.url));
const filler = 'The road went on through the hills, and nobody spoke for a long while. ';
const request: GenerateRequest = {
  document: `${filler.repeat(20)} The pass key is 14177. Remember it. 14177 is the pass key. ${filler.repeat(60)}`,
  question: '\nQuestion: What is the pass key?\nAnswer: The pass key is', maxTokens: 6, parallelComp: { keepChunks: 2, capacity: 256, chunkTokens: 400 },
};
interface Known { readonly document: string; readonly question: string; readonly answer: string }
// The file is this repository's own; test/golden/README.md describes it.
const golden = JSON.parse(gunzipSync(readFileSync(new URL('../../golden/bookworm.json.gz', import.meta.url))).toString()) as { readonly parallelcomp: readonly { readonly context: string; readonly question: string; readonly answer: string }[] };
/** The document of 1,999 tokens: no close calls. */
const known: Known = { document: golden.parallelcomp[1]?.context ?? '', question: golden.parallelcomp[1]?.question ?? '', answer: golden.parallelcomp[1]?.answer ?? '?' };

async function answer(model: Model, changes: Partial<GenerateRequest> = {}): Promise<DoneEvent> {
  for await (const event of model.generate({ ...request, ...changes })) if (event.type === 'done') return event;
  throw new Error('no answer');
}
/** A copy of bookworm with one file changed. */
function changed(file: string, change: (content: Buffer) => Uint8Array | string): string {
  const dir = mkdtempSync(join(tmpdir(), 'model-'));
  for (const f of readdirSync(bookworm)) copyFileSync(join(bookworm, f), join(dir, f));
  writeFileSync(join(dir, file), change(readFileSync(join(bookworm, file))));
  return dir;
}
const edited = (changes: object) => (content: Buffer): string => JSON.stringify({ ...(JSON.parse(content.toString()) as object), ...changes });

describe('a model on the processor', () => {
  test('cuts long texts on other threads as on its own, where it has some', async () => {
    const document = `${filler.repeat(1200)} The pass key is 14177. Remember it. 14177 is the pass key. ${filler.repeat(20)}`;
    await using plain = await loadModel(bookworm, { device: 'cpu' });
    await using threaded = await loadModel(bookworm, { device: 'cpu', encoderThreads: 2 });
    expect([plain.tokenizer.encodeApart, threaded.tokenizer.encodeApart]).toEqual([undefined, expect.any(Function)]);
    const asked = { document, method: 'streaming' } as const;
    const [a, b] = [await answer(plain, asked), await answer(threaded, asked)];
    expect([b.usage.contextTokens, b.ids, b.firstTop5]).toEqual([a.usage.contextTokens, a.ids, a.firstTop5]);
  });

  test('answers in bf16 what it answers in f32, from weights that are used where they lie', async () => {
    await using device = openCpuDevice();
    await using wide = await loadModel(bookworm, { device });
    const before = device.stats().allocatedBytes;
    await using narrow = await loadModel(bookworm, { device, dtype: 'bf16' });
    expect(device.stats().allocatedBytes).toBe(before);
    const [a, b] = [await answer(wide, known), await answer(narrow, known)];
    expect(a.text).toContain(known.answer);
    expect(b.text).toContain(known.answer);
    const kept = (e: DoneEvent) => e.eviction?.chunks.filter((c) => c.kept).map((c) => c.index);
    expect(kept(b)).toEqual(kept(a));
    // Residuals of size 20 rounded to 8 bits after each of 12 steps.
    for (const [i, c] of (a.eviction?.chunks ?? []).entries()) expect(Math.abs(c.nll - (b.eviction?.chunks[i]?.nll ?? NaN))).toBeLessThan(0.1);
  });

  test.prop([fc.integer({ min: 0, max: 300 }), fc.constantFrom<Partial<GenerateRequest>>({}, { method: 'full' })], { numRuns: 6 })(
    '24: an abort at any time ends the request, frees its memory and leaves the model right', async (milliseconds, changes) => {
      await using device = openCpuDevice();
      await using model = await loadModel(bookworm, { device });
      const want = (await answer(model, changes)).ids;
      const held = device.stats().allocatedBytes;
      const controller = new AbortController();
      const timer = setTimeout(() => { controller.abort(new Error('enough')); }, milliseconds);
      const outcome = await answer(model, { ...changes, signal: controller.signal }).then((e) => e.ids, (e: unknown) => e);
      clearTimeout(timer);
      expect(outcome).toEqual(controller.signal.aborted && outcome instanceof Error ? new Error('enough') : want);
      await device.sync();
      expect(device.stats().allocatedBytes).toBe(held);
      expect((await answer(model, changes)).ids).toEqual(want);
    });

  test('an abort while loading frees what was loaded', async () => {
    await using device = openCpuDevice();
    const controller = new AbortController();
    const loading = loadModel(bookworm, { device, signal: controller.signal, onProgress: (done) => { if (done === 20) controller.abort(new Error('enough')); } });
    await expect(loading).rejects.toThrow('enough');
    await device.sync();
    expect(device.stats().allocatedBytes).toBe(0);
  });

  test.each<[string, () => string, string]>([
    ['a truncated checkpoint', () => changed('model.safetensors', (b) => b.subarray(0, b.length - 100)), 'R202'],
    ['a checkpoint cut within its header', () => changed('model.safetensors', (b) => b.subarray(0, 50)), 'R202'],
    ['an empty checkpoint', () => changed('model.safetensors', () => ''), 'R202'],
    ['more layers than the checkpoint has', () => changed('config.json', edited({ num_hidden_layers: 7 })), 'R211'],
    ['another vocabulary than the checkpoint has', () => changed('config.json', edited({ vocab_size: 5000 })), 'R305'],
    ['an output embedding that is not there', () => changed('config.json', edited({ tie_word_embeddings: false })), 'R211'],
    ['an unknown architecture', () => changed('config.json', edited({ model_type: 'rwkv' })), 'R303'],
    ['a tokenizer that is none', () => changed('tokenizer.json', () => '{}'), 'R310'],
    ['no directory', () => join(tmpdir(), 'nowhere'), 'R301'],
  ])('%s is refused with a code, and nothing is lost', async (_, dir, code) => {
    await using device = openCpuDevice();
    await expect(loadModel(dir(), { device })).rejects.toMatchObject({ code });
    await device.sync();
    expect(device.stats().allocatedBytes).toBe(0);
  });
});
