import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, expect, test as example } from 'vitest';
import { manifest } from '../../kernels-generated/manifest.js';
import { addon } from '../../runtime/addon.js';
import { decode, decodeAhead, readPrompt } from '../../runtime/decode.js';
import { tinyModel } from '../kit/tinyModel.js';
import { fakeCuda } from './fakeCuda/fake.js';

// Over a GPU's device whose driver does work as late as it may: what a step overwrites too early would show.

const cpu = addon().processor();
const libraries = fileURLToPath(new URL(`../../build/kernels/cpu/${'why' in cpu ? '' : cpu.instructionSet}/`, import.meta.url));
const fake = fakeCuda(manifest, (file) => join(libraries, `${file}.so`));
afterAll(() => fake.remove());
const device = fake.open();
afterAll(() => device[Symbol.asyncDispose]());
const model = await tinyModel(device, { numLayers: 2 });

async function idsOf(steps: AsyncIterable<{ readonly id: number }>, most = Number.POSITIVE_INFINITY): Promise<readonly number[]> {
  const ids: number[] = [];
  for await (const { id } of steps) if (ids.push(id) >= most) break;
  return ids;
}

const lengths = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(250, 254, 255, 256));
test.prop([lengths, fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(23), { maxLength: 2 }), fc.nat(23), fc.integer({ min: 1, max: 14 })], { numRuns: 25 })(
  'steps queued ahead give the tokens of steps that wait, wherever the answer ends and whoever leaves it', async (prompt, maxTokens, stops, first, most) => {
    const ids = Array.from({ length: prompt }, (_, i) => (first + 5 * i) % 24);
    const state = async () => await readPrompt(model, ids, maxTokens);
    const { allocatedBytes } = device.stats();
    const want = await idsOf(decode(model, await state(), maxTokens, stops), most);
    expect(await idsOf(decodeAhead(model, await state(), maxTokens, stops), most)).toEqual(want);
    await device.sync();
    expect(device.stats().allocatedBytes).toBe(allocatedBytes);
  });

example('a signal ends them between two tokens, and what was queued ahead is nobody\'s failure', async () => {
  const stop = new AbortController();
  const steps = decodeAhead(model, await readPrompt(model, [1, 2, 3], 20), 20, [], stop.signal);
  await steps.next();
  await steps.next();
  stop.abort(new Error('enough'));
  device.cancel();
  await expect(steps.next()).rejects.toThrow('enough');
  await device.sync().catch(() => {});
  expect((await idsOf(decodeAhead(model, await readPrompt(model, [1, 2, 3], 5), 5, []))).length).toBe(5);
});
