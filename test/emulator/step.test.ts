import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { manifest } from '../../kernels-generated/manifest.js';
import type { Device } from '../../runtime/device.js';
import { greedy } from '../../runtime/sample.js';
import { scope } from '../../runtime/scope.js';
import { stepper } from '../../runtime/stepper.js';
import { drawnCache } from '../kit/drawnCache.js';
import { kernelEmulator } from '../kit/emulator.js';
import { referenceDevice } from '../kit/referenceDevice.js';
import { tinyModel } from '../kit/tinyModel.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const emulator = await kernelEmulator({ manifest, generated: join(root, 'kernels-generated'), out: join(root, 'build/kernels') });
const reference = await referenceDevice();
afterAll(async () => { await emulator[Symbol.asyncDispose](); });

/** Scores after each of some tokens behind a cache of so many rows; with `apart`, of q, k and v projected apart from each other. */
async function scores(device: Device, filled: number, ids: readonly number[], dtype: 'f32' | 'bf16' = 'f32', qkvBias = false, apart = false): Promise<readonly Float32Array[]> {
  using owned = scope();
  const loaded = await tinyModel(device, { numLayers: 2, family: qkvBias ? 'qwen2' : 'llama', qkvBias }, dtype);
  owned.own(loaded.weights);
  expect(loaded.weights.layers.every(({ qkv }) => qkv !== undefined)).toBe(true);
  const model = apart ? { ...loaded, weights: { ...loaded.weights, layers: loaded.weights.layers.map((layer) => ({ ...layer, qkv: undefined })) } } : loaded;
  const cache = owned.own(drawnCache(model, filled + ids.length + 3, filled, filled));
  const steps = owned.own(stepper(model, { cache, filled, position: filled }, ids.length));
  const all: Float32Array[] = [];
  for (const id of ids) {
    const best = await steps.next(id);
    const given = await steps.scores();
    expect(best).toBe(greedy(given));
    all.push(given);
  }
  return all;
}

// 255: its second token is the first that its first recording does not serve.
test.each([1, 31, 255])('steps recorded on the emulator behind %i rows mean what their kernels say', async (filled) => {
  const ids = [3, 17];
  const want = await scores(reference, filled, ids);
  const got = await scores(emulator, filled, ids);
  // Every kernel rounds: some hundred of 2⁻²⁴ each, on residuals of size 20.
  want.forEach((s, t) => s.forEach((x, i) => { expect(Math.abs((got[t]?.[i] ?? NaN) - x)).toBeLessThan(2e-4); }));
});

test.each([['f32', false], ['f32', true], ['bf16', false], ['bf16', true]] as const)('q, k and v of one launch have the bits of three, in %s, with a bias: %s', async (dtype, qkvBias) => {
  expect(await scores(emulator, 5, [3, 17], dtype, qkvBias)).toEqual(await scores(emulator, 5, [3, 17], dtype, qkvBias, true));
});
