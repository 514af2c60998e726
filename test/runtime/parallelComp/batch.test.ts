import { describe, expect, test } from 'vitest';
import { layOut, prepareBatch, uploadIndex } from '../../../runtime/parallelComp/batch.js';
import { paperMix } from '../../../runtime/parallelComp/calibration.js';
import { complete } from '../../../runtime/parallelComp/options.js';
import { chunkSpace, prefillBatch } from '../../../runtime/parallelComp/prefill.js';
import { scope } from '../../../runtime/scope.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

const chunks = [[5, 6, 7, 8, 9], [10, 11], [12, 13, 14, 15]].map((ids, index) => ({ index, start: 0, ids }));
const question = [20, 21];
const options = complete({ capacity: 3, pool: 1, observationRows: 4 });

describe('a batch', () => {
  const layout = layOut(chunks, question, options, false);

  test('packs [chunk, question] behind each other', () => {
    expect(layout).toEqual({
      question, contexts: [5, 2, 4], rows: [7, 4, 6], outputs: [4, 4, 4], stored: [3, 2, 3],
    });
  });

  test('keeps the columns that a BOS may lift beside the capacity', () => {
    expect(layOut(chunks, question, { ...options, capacity: 2, pool: 3 }, true).stored).toEqual([4, 2, 4]);
  });

  test('counts positions from 0 in every chunk, and predicts the question from the row before', async () => {
    const device = await referenceDevice();
    using owned = scope();
    const index = uploadIndex(device, prepareBatch(chunks, question, options, false), owned.own);
    const read = async (x: typeof index.positions): Promise<number[]> => [...(await device.read(x))];
    expect(await read(index.positions)).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5]);
    expect(await read(index.rows.offsets)).toEqual([0, 7, 11, 17]);
    expect(await read(index.outputRows)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16]);
    expect(await read(index.outputPositions)).toEqual([3, 4, 5, 6, 0, 1, 2, 3, 2, 3, 4, 5]);
    expect(await read(index.outputs.last)).toEqual([3, 7, 11]);
    // Outputs 1 and 2 are rows 4 and 5: the chunk's last token and the question's first.
    expect(await read(index.predicting)).toEqual([1, 2, 5, 6, 9, 10]);
    expect(await read(index.targets)).toEqual([20, 21, 20, 21, 20, 21]);
  });

  test('costs as many launches, writes and reads as one chunk: one read, and four launches to evict a layer', async () => {
    const device = await referenceDevice();
    const calls: string[] = [];
    const counted = {
      ...device,
      write: (...args: Parameters<typeof device.write>) => { calls.push('write'); device.write(...args); },
      read: ((...args: Parameters<typeof device.read>) => { calls.push('read'); return device.read(...args); }) as typeof device.read,
      launch: (...args: Parameters<typeof device.launch>) => { calls.push(args[0]); device.launch(...args); },
    };
    const model = { ...(await tinyModel(device)), device: counted };
    using space = chunkSpace(model, 8, 3);
    const run = async (some: typeof chunks): Promise<readonly string[]> => {
      calls.length = 0;
      using _ = await prefillBatch(model, space, prepareBatch(some, question, options, false), { ...options, calibration: paperMix(4) }, false);
      return [...calls];
    };
    const one = await run(chunks.slice(0, 1));
    expect(await run(chunks)).toEqual(one);
    expect(one.filter((call) => call === 'read')).toEqual(['read']);
    expect(one.filter((call) => ['tailScore', 'pool', 'selectTokens', 'compact'].includes(call))).toEqual(Array.from({ length: 4 }, () => ['tailScore', 'pool', 'selectTokens', 'compact']).flat());
  });
});
