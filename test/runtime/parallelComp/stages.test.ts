import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, readPrompt } from '../../../runtime/decode.js';
import type { Device } from '../../../runtime/device.js';
import { openCpuDevice } from '../../../runtime/load.js';
import { complete, type ParallelCompOptions } from '../../../runtime/parallelComp/options.js';
import { parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

// Law 23: stage by stage against an independent implementation, on a random model.

interface Case {
  readonly title: string;
  readonly options: Omit<ParallelCompOptions, 'capacity'> & { readonly capacity: number | null };
  readonly bos: boolean;
  readonly question: readonly number[];
  readonly maxTokens: number;
  readonly nll: readonly number[];
  readonly kept: readonly number[];
  /** [layer][kept chunk][g] */
  readonly columns: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly excludedHeads: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly excluded: readonly number[];
  readonly firstPosition: number;
  readonly ids: readonly number[];
  readonly logits: readonly (readonly number[])[];
}
interface Golden {
  readonly context: readonly number[];
  readonly plain: { readonly ids: readonly number[]; readonly logits: readonly number[]; readonly greedy: readonly number[] };
  readonly cases: readonly Case[];
}
// The file is this repository's own; its form stands in test/golden/README.md.
const golden = JSON.parse(readFileSync(new URL('../../golden/tiny.json', import.meta.url), 'utf8')) as Golden;

interface Where { readonly name: string; readonly open: () => Promise<Device>; readonly tolerance: number }
const devices: readonly Where[] = [
  // Angles and weights are rounded to f32 once; nothing else is, so errors stay near 1e-6 of the logits' size of 5.
  { name: 'the reference', open: referenceDevice, tolerance: 2e-5 },
  // Every step rounds: some hundred of 2⁻²⁴ each, on residuals of size 20.
  { name: 'the processor', open: async () => openCpuDevice(), tolerance: 2e-4 },
];

describe.each(devices)('ParallelComp on $name agrees with the independent implementation', ({ open, tolerance }) => {
  const close = (got: ArrayLike<number>, want: readonly number[]): void => {
    expect(got.length).toBe(want.length);
    want.forEach((x, i) => { expect(Math.abs((got[i] ?? NaN) - x)).toBeLessThan(tolerance); });
  };

  test.each(golden.cases)('$title', async ({ options, bos, question, maxTokens, ...want }) => {
    await using device = await open();
    const model = await tinyModel(device);
    const prompt = { context: [golden.context], question, bosId: bos ? 0 : undefined, maxTokens };
    const { state, report: told } = await parallelComp(model, prompt, complete({ ...options, capacity: options.capacity ?? undefined }));
    const report = told();
    close(report.chunks.map((c) => c.nll), want.nll);
    expect(report.chunks.filter((c) => c.kept).map((c) => c.index)).toEqual(want.kept);
    expect(report.layers.map((parts) => parts.map((p) => p.columns))).toEqual(want.columns);
    expect(report.firstPosition).toBe(want.firstPosition);
    expect(report.excludedPerLayer).toEqual(options.calibration.length > 0 ? want.excluded : undefined);
    for (const [l, parts] of report.layers.entries()) for (const [i, p] of parts.entries()) if (p.excluded) expect(p.excluded).toEqual(want.excludedHeads[l]?.[i]);
    const ids: number[] = [];
    for await (const step of decode(model, state, maxTokens, [])) {
      close(await step.scores(), want.logits[ids.length] ?? []);
      ids.push(step.id);
    }
    expect(ids).toEqual(want.ids);
  });

  test('the plain model gives the same logits and continuation', async () => {
    await using device = await open();
    const model = await tinyModel(device);
    const { ids, logits, greedy } = golden.plain;
    const state = await readPrompt(model, ids, greedy.length);
    close(state.logits, logits);
    const out: number[] = [];
    for await (const step of decode(model, state, greedy.length, [])) out.push(step.id);
    expect(out).toEqual(greedy);
  });
});
