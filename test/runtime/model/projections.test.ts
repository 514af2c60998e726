import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { allocCache, layerOf } from '../../../runtime/kvCache.js';
import type { Pass } from '../../../runtime/model/pass.js';
import { normsOf } from '../../../runtime/model/projections.js';
import { ropeTable } from '../../../runtime/model/rope.js';
import { type Decoder, forward, workspace } from '../../../runtime/model/transformer.js';
import { scope } from '../../../runtime/scope.js';
import { stepper } from '../../../runtime/stepper.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

const device = await referenceDevice();
const models = { llama: await tinyModel(device, { numLayers: 2 }), qwen2: await tinyModel(device, { numLayers: 2, family: 'qwen2', qkvBias: true }) };
const idsOf = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => (7 * i + 3) % 24);

/** The last residual row behind passes of `lengths` rows each, and the launches of the last pass. */
async function lastRow(model: Decoder, lengths: readonly number[]): Promise<{ readonly row: readonly number[]; readonly launched: readonly string[] }> {
  using owned = scope();
  const total = lengths.reduce((a, b) => a + b, 0);
  const ids = idsOf(total);
  const [ws, cache] = [owned.own(workspace(model, total)), owned.own(allocCache(device, model.config, 'f32', total))];
  let first = 0;
  let out: Awaited<ReturnType<typeof lastRow>> = { row: [], launched: [] };
  for (const n of lengths) {
    const rope = owned.own(ropeTable(device, model.config, first, n));
    const before = device.launched.length;
    const h = await forward(model, ws, { ids: ids.slice(first, first + n), rope, rows: { kind: 'sequence', first, outputFrom: n - 1 }, cache: (l) => layerOf(cache, l) });
    out = { row: [...(await device.read(h))], launched: device.launched.slice(before) };
    first += n;
  }
  return out;
}

describe('projections', () => {
  test.each([
    ['llama', 1, ['normLinearRope', 'normLinear', 'normLinearRope', 'causalAttention', 'linearAdd', 'normSwiglu', 'linearAdd']],
    ['qwen2', 16, ['normLinearRopeBias', 'normLinearBias', 'normLinearRopeBias', 'causalAttention', 'linearAdd', 'normSwiglu', 'linearAdd']],
    ['llama', 17, ['rmsNorm', 'linearRope', 'linear', 'linearRope', 'causalAttention', 'linearAdd', 'rmsNorm', 'swiglu', 'linearAdd']],
    ['qwen2', 17, ['rmsNorm', 'linearRopeBias', 'linearBias', 'linearRopeBias', 'causalAttention', 'linearAdd', 'rmsNorm', 'swiglu', 'linearAdd']],
  ] as const)('a layer of %s over %i rows is these launches', async (family, rows, names) => {
    const { launched } = await lastRow(models[family], [rows]);
    expect(launched).toEqual(['embed', ...names, ...names]);
  });

  test.each([['llama', ''], ['qwen2', 'Bias']] as const)('a layer of %s in a step has q, k and v of one launch', async (family, bias) => {
    using owned = scope();
    const cache = owned.own(allocCache(device, models[family].config, 'f32', 1));
    const steps = owned.own(stepper(models[family], { cache, filled: 0, position: 0 }, 1));
    const before = device.launched.length;
    await steps.next(3);
    const names = [`normLinearRope${bias}`, 'appendRow', 'chunkAttention', 'linearAdd', 'normSwiglu', 'linearAdd'];
    expect(device.launched.slice(before)).toEqual(['takeRows', 'takeRows', 'embed', ...names, ...names, 'rmsNorm', 'logits', 'bestOfRows', 'bestRow']);
  });

  property.prop([fc.constantFrom('llama', 'qwen2'), fc.integer({ min: 1, max: 22 }), fc.integer({ min: 1, max: 18 })], { numRuns: 6 })('few rows behind many give what one pass gives', async (family, before, rows) => {
    const [apart, together] = [await lastRow(models[family], [before, rows]), await lastRow(models[family], [before + rows])];
    // Float64 on the device; what is read from it is rounded once.
    together.row.forEach((x, i) => { expect(Math.abs((apart.row[i] ?? NaN) - x)).toBeLessThan(2 ** -22 * Math.max(1, Math.abs(x))); });
  });

  test('packed chunks are normed once however few they are', () => {
    using offsets = device.alloc('i32', [2]);
    const parts = { offsets, last: offsets, longest: 2 };
    const packed: Pass['rows'] = { kind: 'packed', parts, outputs: { rows: offsets, rope: ropeTable(device, models.llama.config, 0, 2), parts }, afterLayer: () => {} };
    expect([packed, { kind: 'sequence', first: 0, outputFrom: 0 } as const].map((rows) => normsOf(device, { ids: [1, 2], rows }))).toEqual(['once', 'everywhere']);
  });

  test('a GPU norms several rows once, however few', () => {
    const rows = { kind: 'sequence', first: 0, outputFrom: 0 } as const;
    const norms = (ids: readonly number[]) => (['cpu', 'reference', 'cuda', 'emulator'] as const).map((kind) => normsOf({ kind }, { ids, rows }));
    expect([norms([1]), norms([1, 2])]).toEqual([['everywhere', 'everywhere', 'everywhere', 'everywhere'], ['everywhere', 'everywhere', 'once', 'once']]);
  });
});
