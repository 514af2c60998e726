import { fc, test } from '@fast-check/vitest';
import { afterAll, expect } from 'vitest';
import { openCpuDevice } from '../../../runtime/load.js';
import { allocChoice, choiceBytes, queueChoice } from '../../../runtime/model/choice.js';
import { greedy } from '../../../runtime/sample.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyConfig } from '../../kit/tinyModel.js';
import { uniform } from '../../kit/values.js';

const cpu = openCpuDevice();
const reference = await referenceDevice();
afterAll(async () => { await cpu[Symbol.asyncDispose](); });

const lengths = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1023, 1024, 1025, 2048, 3001));
/** What all scores are: drawn from few numbers, so that the best comes up more than once; or none of them a number. */
const draws = fc.constantFrom<(seed: number, i: number) => number>(
  (seed, i) => Math.floor(5 * uniform(seed, i)) - 2, (seed, i) => uniform(seed, i), (seed, i) => -Math.floor(1e6 * uniform(seed, i)), () => -Infinity, () => NaN,
);

test.prop([lengths, draws, fc.nat(1e6)], { numRuns: 40 })('the device chooses what the host does, whatever the vocabulary, ties and bad scores included', async (vocabSize, draw, seed) => {
  const logits = Float32Array.from({ length: vocabSize }, (_, i) => draw(seed, i));
  for (const device of [cpu, reference]) {
    const before = device.stats().allocatedBytes;
    const config = { ...tinyConfig, vocabSize };
    using choice = allocChoice({ device, config });
    if (device === reference) expect(device.stats().allocatedBytes - before).toBe(choiceBytes(vocabSize));
    device.write(choice.logits, logits);
    queueChoice(device, choice);
    expect([device.kind, ...await device.read(choice.best)]).toEqual([device.kind, greedy(logits)]);
  }
});
