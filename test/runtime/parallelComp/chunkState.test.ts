import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { dtypeBytes } from '../../../dsl/dtype.js';
import type { Device } from '../../../runtime/device.js';
import { prepareBatch } from '../../../runtime/parallelComp/batch.js';
import { paperMix } from '../../../runtime/parallelComp/calibration.js';
import { detach, layAside, membersOf } from '../../../runtime/parallelComp/chunkState.js';
import { complete } from '../../../runtime/parallelComp/options.js';
import { chunkSpace, prefillBatch } from '../../../runtime/parallelComp/prefill.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

const device = await referenceDevice();
const model = await tinyModel(device, { numLayers: 4 });
/** What has been asked for since: bytes of each block, the smallest first. */
const asked: number[] = [];
const since = (): readonly number[] => asked.splice(0).sort((a, b) => a - b);
const alloc: Device['alloc'] = (dtype, shape) => {
  asked.push(dtypeBytes[dtype] * shape.reduce((n, s) => n * s, 1));
  return device.alloc(dtype, shape);
};
const gpu = { ...model, device: { ...device, kind: 'cuda' as const, alloc } };

/** Of `needed`, what `there` has no block of the same size for. */
function missing(needed: readonly number[], there: readonly number[]): readonly number[] {
  const left = [...there];
  return needed.filter((n) => {
    const at = left.indexOf(n);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

property.prop([lengths, fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }), fc.boolean(), fc.boolean()], { numRuns: 25 })(
  'memory that is laid aside while a batch is passed is what its chunks are kept in', async (contexts, capacity, isCalibrated, hasBos) => {
    const options = { ...complete({ capacity, pool: 1, observationRows: 4, keepChunks: 4 }), calibration: isCalibrated ? paperMix(4) : [] };
    const chunks = contexts.map((n, index) => ({ index, start: 0, ids: Array.from({ length: n + 1 }, (_, i) => 2 + i) }));
    using space = chunkSpace(gpu, 16, chunks.length);
    const prepared = prepareBatch(chunks, [20, 21], options, hasBos);
    using batch = await prefillBatch(gpu, space, prepared, options, hasBos);
    since();
    const live = device.live();
    await layAside(gpu, prepared.layout, options);
    const there = since();
    expect(device.live()).toBe(live);
    if (chunks.length === 1) expect(there).toEqual([]);
    const kept = membersOf(batch, chunks).map((member) => detach(gpu, member, options));
    const needed = since();
    for (const chunk of kept) chunk[Symbol.dispose]();
    // But for the places of what is picked: two blocks a chunk, written by the host.
    expect(missing(needed, there).length).toBeLessThanOrEqual(capacity === undefined || chunks.length === 1 ? 0 : 2 * chunks.length);
    // And little more than that: a chunk that stays within its capacity is counted like the others.
    const bytes = (blocks: readonly number[]): number => blocks.reduce((sum, n) => sum + n, 0);
    expect(bytes(there)).toBeLessThanOrEqual(1.5 * bytes(needed));
  });

property.prop([lengths], { numRuns: 5 })('nothing is laid aside where memory is the processor\'s', async (contexts) => {
  since();
  const options = complete({});
  const chunks = contexts.map((n, index) => ({ index, start: 0, ids: Array.from({ length: n }, (_, i) => 2 + i) }));
  await layAside({ ...gpu, device: { ...gpu.device, kind: 'cpu' } }, prepareBatch(chunks, [20], options, false).layout, options);
  expect(since()).toEqual([]);
});
