import { expect, test } from 'vitest';
import { readPrompt } from '../../runtime/decode.js';
import type { Device } from '../../runtime/device.js';
import { openCpuDevice } from '../../runtime/load.js';
import { tinyModel } from '../kit/tinyModel.js';
import { uniform } from '../kit/values.js';

test('a processor reads a long prompt in more and shorter launches, bit for bit the same', async () => {
  await using device = openCpuDevice();
  const ids = Array.from({ length: 4500 }, (_, i) => 2 + Math.floor(22 * uniform(3, i)));
  const read = async (kind: Device['kind']): Promise<{ readonly logits: Float32Array; readonly rows: readonly number[] }> => {
    const rows: number[] = [];
    const launch: Device['launch'] = (name, args, results, sizes) => {
      if (name === 'causalAttention') rows.push(results['out']?.shape[0] ?? 0);
      device.launch(name, args, results, sizes);
    };
    const model = await tinyModel({ ...device, kind, launch }, { numLayers: 2, window: 8192 });
    using _weights = model.weights;
    const state = await readPrompt(model, ids, 1);
    state.cache[Symbol.dispose]();
    return { logits: state.logits, rows };
  };
  const [cut, whole] = [await read('cpu'), await read('cuda')];
  // Two layers per block of rows, the last one for one row.
  expect(whole.rows).toEqual([2048, 1, 2048, 1, 404, 1]);
  // At most 2²² scores per head, in whole tiles of 64 rows.
  expect(cut.rows).toEqual([2048, 1, 1024, 1024, 1, 404, 1]);
  expect(cut.logits).toEqual(whole.logits);
});
