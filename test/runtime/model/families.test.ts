import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPrompt } from '../../../runtime/decode.js';
import type { Device } from '../../../runtime/device.js';
import { openCpuDevice } from '../../../runtime/load.js';
import type { ModelConfig } from '../../../runtime/model/config.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

interface Variant { readonly title: string; readonly config: Partial<ModelConfig>; readonly ids: readonly number[]; readonly logits: readonly number[] }
// The file is this repository's own; test/golden/README.md describes it.
const { variants } = JSON.parse(readFileSync(new URL('../../golden/tiny.json', import.meta.url), 'utf8')) as { readonly variants: readonly Variant[] };

/** As for the method's stages: one rounding of weights and angles, or one per step. */
const devices: readonly { readonly name: string; readonly open: () => Promise<Device>; readonly tolerance: number }[] = [
  { name: 'the reference', open: referenceDevice, tolerance: 2e-5 },
  { name: 'the processor', open: async () => openCpuDevice(), tolerance: 2e-4 },
];

describe.each(devices)('on $name, logits agree with the independent implementation', ({ open, tolerance }) => {
  test.each(variants)('$title', async ({ config, ids, logits }) => {
    await using device = await open();
    const state = await readPrompt(await tinyModel(device, config), ids, 1);
    logits.forEach((x, t) => { expect(Math.abs((state.logits[t] ?? NaN) - x)).toBeLessThan(tolerance); });
  });
});
