import { describe, expect, test } from 'vitest';
import { allocCache, layerOf } from '../../../runtime/kvCache.js';
import { ropeTable } from '../../../runtime/model/rope.js';
import { forward, workspace } from '../../../runtime/model/transformer.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

/** Six layers on a device whose syncs resolve when the test says so. */
async function heldBack(ahead: number | undefined, signal?: AbortSignal) {
  const device = await referenceDevice();
  const waiting: (() => void)[] = [];
  const model = { ...(await tinyModel(device, { numLayers: 6 })), device: { ...device, sync: () => new Promise<void>((resolve) => { waiting.push(resolve); }) } };
  const ids = [1, 2, 3];
  const cache = allocCache(device, model.config, 'f32', ids.length);
  const before = device.launched.length;
  const layers = (): number => device.launched.slice(before).filter((name) => name === 'causalAttention').length;
  const done = forward(model, workspace(model, ids.length), {
    ids, rope: ropeTable(device, model.config, 0, ids.length), rows: { kind: 'sequence', first: 0, outputFrom: 0 }, cache: (l) => layerOf(cache, l), ahead, signal,
  });
  const settled = async (): Promise<number> => {
    await new Promise((resolve) => { setImmediate(resolve); });
    return layers();
  };
  return { done, waiting, settled };
}

describe('a pass', () => {
  test('in bf16 leaves residual rows in f32, between the numbers that bf16 has', async () => {
    const device = await referenceDevice();
    const model = await tinyModel(device, { numLayers: 2 }, 'bf16');
    const cache = allocCache(device, model.config, 'bf16', 3);
    const h = await forward(model, workspace(model, 3), { ids: [1, 2, 3], rope: ropeTable(device, model.config, 0, 3), rows: { kind: 'sequence', first: 0, outputFrom: 0 }, cache: (l) => layerOf(cache, l) });
    const bits = new Uint32Array((await device.read(h)).buffer);
    expect([h.dtype, bits.length, bits.every((b) => b << 16 === 0)]).toEqual(['f32', 24, false]);
  });

  test('queues no more than `ahead` layers behind the one that runs, and asks for no sync that it does not wait for', async () => {
    const { done, waiting, settled } = await heldBack(2);
    const queued: number[] = [await settled()];
    while (waiting.length > 0) {
      waiting.shift()?.();
      queued.push(await settled());
    }
    await done;
    expect(queued).toEqual([3, 4, 5, 6, 6]);
  });

  test('without a limit queues all of it at once', async () => {
    const { done, waiting, settled } = await heldBack(undefined);
    expect([await settled(), waiting.length]).toEqual([6, 0]);
    await done;
  });

  test('stops at the next layer when its signal fires', async () => {
    const stop = new AbortController();
    const { done, waiting, settled } = await heldBack(1, stop.signal);
    expect(await settled()).toBe(2);
    stop.abort(new Error('enough'));
    waiting.shift()?.();
    await expect(done).rejects.toThrow('enough');
    expect(await settled()).toBe(2);
  });
});
