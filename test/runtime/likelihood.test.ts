import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { sinksAndRecent, truncated } from '../../runtime/baselines.js';
import { likelihoods } from '../../runtime/likelihood.js';
import type { Prompt } from '../../runtime/parallelComp/chunking.js';
import { readBy } from '../../runtime/read.js';
import type { Method } from '../../runtime/request.js';
import { stepper } from '../../runtime/stepper.js';
import { referenceDevice } from '../kit/referenceDevice.js';
import { tinyConfig, tinyModel } from '../kit/tinyModel.js';
import { wordTokenizer } from '../kit/wordTokenizer.js';

const device = await referenceDevice();
const model = { ...(await tinyModel(device, { numLayers: 2 })), tokenizer: wordTokenizer(tinyConfig.vocabSize), chatTemplate: undefined };
const letters = (min: number, max: number) => fc.string({ unit: fc.constantFrom(...'abcdefghijklmnop'), minLength: min, maxLength: max });
const parallelComp = { keepChunks: 2, capacity: 8, chunkTokens: 12 };

/** −ln p of each id behind what was read, one recorded step each. */
async function stepwise(prompt: Prompt, ids: readonly number[], method: Method): Promise<readonly number[]> {
  const { state } = await readBy(model, { ...prompt, maxTokens: ids.length }, { method, parallelComp });
  using _cache = state.cache;
  using steps = stepper(model, state, ids.length);
  const nll: number[] = [];
  let scores = state.logits;
  for (const id of ids) {
    const largest = Math.max(...scores);
    nll.push(largest + Math.log([...scores].reduce((sum, x) => sum + Math.exp(x - largest), 0)) - (scores[id] ?? NaN));
    await steps.next(id);
    scores = await steps.scores();
  }
  return nll;
}

describe('likelihoods', () => {
  test.prop([letters(1, 90), letters(1, 12), fc.constantFrom('full', 'parallelcomp', 'truncated', 'streaming'), fc.integer({ min: 1, max: 9 })], { numRuns: 16 })(
    'are those of decoding the continuation token by token, whatever read the context', async (context, continuation, method, questionTokens) => {
      if (method === 'parallelcomp' && context.length === 1) return;
      const held = device.live();
      const got = await likelihoods(model, { context, continuation, method, parallelComp, questionTokens });
      const [ids, all] = [model.tokenizer.encode(continuation), model.tokenizer.encode(context)];
      const cut = Math.max(context.length > 1 ? 1 : 0, all.length - questionTokens);
      const prompt = { context: cut > 0 ? [all.slice(0, cut)] : [], question: all.slice(cut), bosId: 0, maxTokens: 1 };
      const want = await stepwise(prompt, ids, method);
      expect([got.ids, got.contextTokens, got.method]).toEqual([ids, all.length, method]);
      // Logits below 16 are rounded to f32 once.
      got.nll.forEach((x, i) => { expect(Math.abs(x - (want[i] ?? NaN))).toBeLessThan(1e-5); });
      expect(got.nll.length).toBe(ids.length);
      expect(got.mean).toBeCloseTo(got.nll.reduce((a, b) => a + b, 0) / ids.length, 12);
      expect(device.live()).toBe(held);
    });

  example('of nothing are refused, and so is a question of no tokens', async () => {
    await expect(likelihoods(model, { context: 'abc', continuation: '' })).rejects.toMatchObject({ code: 'R404' });
    await expect(likelihoods(model, { context: ' ', continuation: 'a' })).rejects.toMatchObject({ code: 'R401' });
    await expect(likelihoods(model, { context: 'abc', continuation: 'a', questionTokens: 0 })).rejects.toMatchObject({ code: 'R403' });
  });
});

const ids = fc.array(fc.nat(), { minLength: 1, maxLength: 60 });
describe('the baselines', () => {
  test.prop([ids, fc.integer({ min: 2, max: 40 })])('keep what fits: the first and the last half, or four sinks and what is recent', (ids, room) => {
    const [middle, recent] = [truncated(ids, room), sinksAndRecent(ids, room)];
    if (ids.length <= room) {
      expect([middle, recent]).toEqual([ids, ids]);
      return;
    }
    const half = Math.floor(room / 2);
    expect([middle.slice(0, half), middle.slice(half)]).toEqual([ids.slice(0, half), ids.slice(-half)]);
    const first = Math.min(4, room - 1);
    expect([recent.slice(0, first), recent.slice(first)]).toEqual([ids.slice(0, first), ids.slice(first - room)]);
  });
});
