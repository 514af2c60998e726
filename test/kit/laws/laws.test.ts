import { describe, expect, test } from 'vitest';
import { array, denseOf, slidingWindow } from '../../../dsl/index.js';
import { attend, causalAttend, rowsAt, totals, weighted } from '../kernels/plain.js';
import { added, ahead, capped, competing, leaky, positioned } from '../kernels/twins.js';
import type { TestedKernel } from '../subject.js';
import { checkLaw } from './checkLaw.js';
import type { Law } from './law.js';
import { laws } from './laws.js';

const joins = { o: { weightedBy: 'lse' }, lse: 'logSumExp' } as const;

/** A reference that differs from one call to the next. */
let calls = 0;
const unsteady: TestedKernel = { ...added, reference: (inputs, options) => {
  calls += 1;
  const made = denseOf(added.reference(inputs, options));
  return array(made.data.map((x) => x + (calls % 2)), made);
} };
/** A reference that counts rows of no part. */
const greedy: TestedKernel = { ...totals, reference: (inputs, options) => {
  const made = denseOf(totals.reference(inputs, options));
  const [x = Number.NaN] = Object.values(inputs).map((t) => (typeof t === 'number' ? t : denseOf(t).data[0]));
  return array(made.data.map((y) => y + (x ?? 0)), made);
} };

/** A law, a kernel that keeps it, and a twin that does not. */
const table: readonly (readonly [law: Law, keeps: TestedKernel, breaks: TestedKernel])[] = [
  [laws.permutationOf('k'), attend, positioned],
  [laws.permutationOf('k'), totals, causalAttend],
  [laws.duplicateKeys('k', { adds: { lse: Math.LN2 } }), attend, added],
  [laws.duplicateKeys('k', { scales: { out: 2 } }), added, capped],
  [laws.appendMasked('k', { bias: -Infinity }), weighted, leaky],
  [laws.splitMerge('k', joins), attend, positioned],
  [laws.splitMerge('k', { out: 'sum' }), added, capped],
  [laws.splitMerge('q', { }), attend, causalAttend],
  [laws.shiftScores('s', { per: ['q'], adds: ['lse'] }), weighted, capped],
  [laws.linearIn('v', { results: ['o', 'out'] }), attend, capped],
  [laws.deterministic(), attend, unsteady],
  [laws.causal(), causalAttend, ahead],
  [laws.neverSees((q, k) => slidingWindow(q, k, 1000)), causalAttend, attend],
  [laws.paddingNeverSeen(), totals, greedy],
  [laws.headsIndependent('g'), attend, competing],
  [laws.groupsRepeat('g', 'r'), attend, positioned],
];

describe.for(table.map(([law, ...kernels]) => [law.name, law, ...kernels] as const))('%s', ([, law, keeps, breaks]) => {
  test(`holds for ${keeps.kernelName} on its own code and on devices`, async () => {
    const { checked, cases } = await checkLaw(law, keeps, { devices: ['cpu', 'emulator'], numRuns: 6 });
    expect({ checked, cases }).toEqual({ checked: ['reference', 'cpu', 'emulator'], cases: 6 });
  });

  test(`rejects ${breaks.kernelName}`, async () => {
    await expect(checkLaw(law, breaks, { numRuns: 50 })).rejects.toThrow(`law ${law.name}: ${breaks.kernelName} on reference: `);
  });
});

describe('between devices', () => {
  test('targets and schedules agree', async () => {
    expect(await checkLaw(laws.targetsAgree(), attend, { devices: ['cpu', 'emulator'], numRuns: 6 })).toMatchObject({ checked: ['cpu', 'emulator'], cases: 6 });
    expect(await checkLaw(laws.schedulesAgree(), attend, { numRuns: 6 })).toMatchObject({ checked: ['emulator'], cases: 6 });
  });

  test('one device has nothing to agree with', async () => {
    await expect(checkLaw(laws.targetsAgree(), attend, { devices: ['cpu'] })).rejects.toThrow('law targetsAgree compares devices: name at least two that this machine has');
  });
});

test.for(([
  [laws.splitMerge('d', {}), attend, "law splitMerge(d) is not about kernel 'attend': the length of 'd' is fixed, and the law changes it"],
  [laws.headsIndependent('c'), totals, "law headsIndependent(c) is not about kernel 'totals': 'c' counts the parts of a ragged axis"],
  [laws.permutationOf('x'), attend, "law permutationOf(x) is not about kernel 'attend': no input has axis 'x'"],
  [laws.paddingNeverSeen(), attend, "law paddingNeverSeen is not about kernel 'attend': it has no ragged axis"],
  [laws.causal({ query: 'q', key: 'k' }), rowsAt, "law causal is not about kernel 'rowsAt': no input has axis 'k'"],
  [laws.linearIn('w'), attend, "there is no parameter 'w'; there are q, k, v, scale"],
] as const).map(([law, kernel, message]) => [law.name, law, kernel, message] as const))('%s says what it is not about', async ([, law, kernel, message]) => {
  await expect(checkLaw(law, kernel, { numRuns: 3 })).rejects.toThrow(message);
});
