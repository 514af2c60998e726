import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { manifest } from '../../kernels-generated/manifest.js';
import { openCpu } from '../../runtime/cpu.js';
import { chunkAttention } from '../../runtime/kernels/chunkAttention.js';
import { embed } from '../../runtime/kernels/embed.js';
import { linear } from '../../runtime/kernels/linear.js';
import { queryAttention } from '../../runtime/kernels/queryAttention.js';
import { queryNll } from '../../runtime/kernels/queryNll.js';
import { rmsNorm } from '../../runtime/kernels/rmsNorm.js';
import { swiglu } from '../../runtime/kernels/swiglu.js';
import { checkLaw, type LawOptions } from '../kit/laws/checkLaw.js';
import type { Law } from '../kit/laws/law.js';
import { laws } from '../kit/laws/laws.js';
import type { TestedKernel } from '../kit/subject.js';

// What is known of the runtime's kernels whatever their results are.

const device = openCpu({ manifest, kernelsDir: fileURLToPath(new URL('../../build/kernels', import.meta.url)) });
afterAll(() => device[Symbol.asyncDispose]());

/** Queries are the last rows among their part's keys. */
const amongKeys: LawOptions = { possible: (sizes) => ({ ...sizes, q: [sizes['q'] ?? []].flat().map((n, i) => Math.min(n, [sizes['k'] ?? []].flat()[i] ?? 0)) }) };
/** Ids that name a row. */
const known: LawOptions = { values: ({ t }) => ({ target: { min: 0, max: Number(t) - 1 } }) };

const table: readonly (readonly [law: Law, kernel: TestedKernel, options?: LawOptions])[] = [
  [laws.linearIn('x'), linear],
  [laws.splitMerge('e', { out: 'sum' }), linear],
  [laws.permutationOf('e'), linear],
  [laws.headsIndependent('q'), linear],
  [laws.permutationOf('e'), rmsNorm],
  [laws.linearIn('gain'), rmsNorm],
  [laws.linearIn('up'), swiglu],
  [laws.permutationOf('f'), swiglu],
  [laws.permutationOf('e'), queryNll, known],
  [laws.headsIndependent('q'), embed],
  [laws.linearIn('v', { results: ['o'] }), chunkAttention, amongKeys],
  [laws.groupsRepeat('g', 'r'), chunkAttention, amongKeys],
  [laws.headsIndependent('g'), chunkAttention, amongKeys],
  [laws.paddingNeverSeen(), chunkAttention, amongKeys],
  [laws.paddingNeverSeen(), queryAttention, amongKeys],
];

test.for(table.map(([law, kernel, options]) => [`${law.name} of ${kernel.kernelName}`, law, kernel, options] as const))('%s', async ([, law, kernel, options]) => {
  expect(await checkLaw(law, kernel, { devices: [device], numRuns: 8, work: 2 ** 16, ...options })).toMatchObject({ checked: ['reference', 'cpu'], cases: 8 });
});
