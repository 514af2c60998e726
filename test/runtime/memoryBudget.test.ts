import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { DoneEvent } from '../../runtime/events.js';
import { loadModel } from '../../runtime/load.js';

const dir = fileURLToPath(new URL('../../examples/bookworm/', import.meta.url));
const filler = 'The road went on through the hills, and nobody spoke for a long while. ';
const document = `${filler.repeat(40)} The pass key is 14177. Remember it. 14177 is the pass key. ${filler.repeat(80)}`;

/** The end of an answer on a device of its own. */
async function answer(memoryBudget: number | undefined, capacity: number | undefined): Promise<DoneEvent> {
  await using model = await loadModel(dir);
  const request = { document, question: '\nQuestion: What is the pass key?\nAnswer: The pass key is', method: 'parallelcomp' as const, maxTokens: 6, memoryBudget };
  for await (const event of model.generate({ ...request, parallelComp: { chunkTokens: 300, keepChunks: 2, capacity } })) if (event.type === 'done') return event;
  throw new Error('no done event');
}

test.each([undefined, 120])('more memory means more chunks at once, no more memory than allowed, and the same answer, capacity %s', async (capacity) => {
  const alone = await answer(undefined, capacity);
  let before = alone.peakBytes;
  for (const memoryBudget of [60 * 2 ** 20, 90 * 2 ** 20]) {
    const done = await answer(memoryBudget, capacity);
    expect(done.text).toBe(alone.text);
    expect(done.eviction?.chunks.map((c) => c.kept)).toEqual(alone.eviction?.chunks.map((c) => c.kept));
    // Rows stand elsewhere in their tiles, so sums round differently: some hundred roundings of 2⁻²⁴ on numbers of about 10.
    done.eviction?.chunks.forEach((c, i) => { expect(Math.abs(c.nll - (alone.eviction?.chunks[i]?.nll ?? NaN))).toBeLessThan(1e-4); });
    expect(done.peakBytes).toBeLessThanOrEqual(memoryBudget);
    expect(done.peakBytes).toBeGreaterThan(before);
    before = done.peakBytes;
  }
});
