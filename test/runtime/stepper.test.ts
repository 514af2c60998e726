import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, test as example } from 'vitest';
import type { DeviceTensor } from '../../runtime/device.js';
import { allocCache, type KvCache, layerOf } from '../../runtime/kvCache.js';
import { openCpuDevice } from '../../runtime/load.js';
import { ropeTable } from '../../runtime/model/rope.js';
import { type Decoder, forward, lastLogits, workspace } from '../../runtime/model/transformer.js';
import { scope } from '../../runtime/scope.js';
import { greedy } from '../../runtime/sample.js';
import { longestOf, stepper } from '../../runtime/stepper.js';
import { drawnCache } from '../kit/drawnCache.js';
import { tinyModel } from '../kit/tinyModel.js';

const device = openCpuDevice();
afterAll(async () => { await device[Symbol.asyncDispose](); });

/** Scores after each token by a pass of its own. */
async function passes(model: Decoder, cache: KvCache, filled: number, position: number, ids: readonly number[]): Promise<readonly Float32Array[]> {
  using owned = scope();
  const ws = owned.own(workspace(model, 1));
  const scores: Float32Array[] = [];
  for (const [t, id] of ids.entries()) {
    using rope = ropeTable(device, model.config, position + t, 1);
    const h = await forward(model, ws, { ids: [id], rope, rows: { kind: 'sequence', first: filled + t, outputFrom: 0 }, cache: (l) => layerOf(cache, l) });
    scores.push(await lastLogits(model, ws, h));
  }
  return scores;
}

const bits = async (t: DeviceTensor): Promise<Buffer> => Buffer.from((await device.read(t)).buffer);

// Widened weights of q, k and v lie behind each other; the others a processor uses where they are stored.
describe.each([['f32', 'f32'], ['bf16', 'bf16'], ['f32', 'bf16']] as const)('a recorded step in %s of weights in %s', (dtype, storedIn) => {
  // Near the lengths at which a recording is outgrown, and anywhere below.
  const lengths = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(253, 254, 255, 256, 257, 511, 512, 513));
  test.prop([lengths, fc.integer({ min: 0, max: 50 }), fc.array(fc.nat(23), { minLength: 1, maxLength: 5 }), fc.nat(9), fc.boolean(), fc.nat(1e6)], { numRuns: 25 })(
    'gives the bits of a pass of its own, whatever the length, the position and the room behind', async (filled, position, ids, spare, qkvBias, seed) => {
      using owned = scope();
      const model = await tinyModel(device, { numLayers: 2, family: qkvBias ? 'qwen2' : 'llama', qkvBias }, dtype, storedIn);
      owned.own(model.weights);
      expect(model.weights.layers.map(({ qkv }) => qkv !== undefined)).toEqual(model.weights.layers.map(() => dtype !== storedIn));
      const [recorded, plain] = [owned.own(drawnCache(model, filled + ids.length + spare, filled, seed)), owned.own(drawnCache(model, filled + ids.length, filled, seed))];
      const steps = owned.own(stepper(model, { cache: recorded, filled, position }, ids.length));
      const scores: Float32Array[] = [];
      for (const id of ids) {
        const best = await steps.next(id);
        const [given, again] = [await steps.scores(), await steps.scores()];
        expect([best, given]).toEqual([greedy(given), again]);
        scores.push(given);
      }
      expect(scores).toEqual(await passes(model, plain, filled, position, ids));
      for (const [l, { keys, values }] of plain.layers.entries()) {
        const rows = layerOf(recorded, l);
        for (const [got, want] of [[rows.keys, keys], [rows.values, values]] as const) {
          // As bytes: toEqual takes milliseconds for large arrays.
          expect(Buffer.compare(await bits(got.slice(0, want.shape[0] ?? 0)), await bits(want))).toBe(0);
        }
      }
    });
});

describe('the length that a recording serves', () => {
  test.prop([fc.integer({ min: 1, max: 1e6 }), fc.nat(1e6)])('is enough, at most twice too long but for short ones, and the same up to it', (visible, spare) => {
    const rows = visible + spare;
    const longest = longestOf(visible, rows);
    expect(longest).toBeGreaterThanOrEqual(visible);
    expect(longest).toBeLessThanOrEqual(Math.min(rows, Math.max(256, 2 * visible - 1)));
    expect(longestOf(longest, rows)).toBe(longest);
  });
});

example('a stepper gives back all it took, its recording too', async () => {
  await using own = openCpuDevice();
  const model = await tinyModel(own);
  const { allocatedBytes } = own.stats();
  {
    using owned = scope();
    const cache = owned.own(allocCache(own, model.config, 'f32', 4));
    const steps = owned.own(stepper(model, { cache, filled: 0, position: 0 }, 4));
    for (const id of [1, 2, 3]) await steps.next(id);
  }
  await own.sync();
  expect(own.stats().allocatedBytes).toBe(allocatedBytes);
});
