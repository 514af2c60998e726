import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import { stream } from '../../../codegen/stream/derive.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { checkLaw, type Reading } from '../../kit/laws/checkLaw.js';
import type { Law } from '../../kit/laws/law.js';
import { laws } from '../../kit/laws/laws.js';
import { sees } from '../../kit/masks.js';
import type { TestedKernel } from '../../kit/subject.js';
import { values } from '../../kit/values.js';
import * as masks from './kernels/masks.js';
import * as variants from './kernels/variants.js';
import { programs, randomBlocks } from './programs.js';

const suite = programs('variants', 'masks', 'columns', 'statistics');
const streamed = (name: string): KernelDef => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return stream(def);
};
const safe = streamed('plain');
const unsafe = streamed('unsafe');

type Rows = Readonly<Record<string, Float64Array>>;
const shape = fc.record({ q: fc.integer({ min: 1, max: 4 }), k: fc.integer({ min: 1, max: 9 }), seed: fc.integer({ min: 0, max: 10_000 }) });
const d = 4;
interface Shape { readonly q: number; readonly k: number; readonly seed: number }
const scores = ({ q, k, seed }: Shape): Float64Array => values(seed, q * k);
const rows = ({ k, seed }: Shape): Float64Array => values(seed + 1, k * d);
const run = (s: Float64Array, v: Float64Array, { q, seed }: Shape, k: number, def = safe): Rows => evaluate(def, { s, v }, { q, k, d }, { blocks: randomBlocks(seed) });
const close = (a: Float64Array | undefined, b: ArrayLike<number> | undefined, bound = 1e-12): void => expect([...(a ?? [])]).toBeWithin(bound, b ?? []);

/** A kernel as it streams, its keys in blocks that follow from the lengths. */
function streams(name: string): Reading {
  const def = streamed(name);
  return { name: 'streamed', run: (call) => evaluate(def, call.inputs, call.sizes, { blocks: randomBlocks(Object.values(call.sizes).reduce((all, n) => 31 * all + n, 0)) }) };
}
/** Blocks of one key: appended keys leave the blocks before them as they are. */
const oneByOne: Reading = { name: 'streamed', run: (call) => evaluate(safe, call.inputs, call.sizes, { blocks: (_, size) => Array.from({ length: size }, (_x, from) => ({ from, size: 1 })) }) };
const short = { q: { max: 4 }, k: { max: 9 }, g: { max: 3 }, r: { max: 3 } };

describe('laws of a streamed cascade', () => {
  const table: readonly (readonly [law: Law, kernel: TestedKernel, reading: Reading])[] = [
    [laws.permutationOf('k'), variants.plain, streams('plain')],
    [laws.appendMasked('k', { s: -Infinity }, { bitwise: true }), variants.plain, oneByOne],
    [laws.shiftScores('s', { per: ['q'], adds: ['lse', 'm'] }), variants.plain, streams('plain')],
    [laws.linearIn('v', { results: ['o'] }), variants.plain, streams('plain')],
    [laws.duplicateKeys('k', { adds: { lse: Math.LN2 } }), variants.plain, streams('plain')],
    [laws.splitMerge('k', { o: { weightedBy: 'lse' }, lse: 'logSumExp', m: 'max' }), variants.plain, streams('plain')],
    [laws.groupsRepeat('g', 'r'), masks.full, streams('full')],
    [laws.causal(), masks.causalMask, streams('causalMask')],
    [laws.neverSees((q, k) => sees({ kind: 'window', width: 3 }, q, k)), masks.window, streams('window')],
    [laws.neverSees((q, k) => sees({ kind: 'dilated', stride: 2 }, q, k)), masks.dilatedMask, streams('dilatedMask')],
    [laws.neverSees((q, k, { length }) => sees({ kind: 'prefix', length: length?.[0] ?? 0 }, q, k)), masks.prefixMask, streams('prefixMask')],
    [laws.neverSees((q, k, { ofQuery, ofKey }) => k <= q && ofQuery?.[q] === ofKey?.[k]), masks.document, streams('document')],
  ];

  test.for(table.map(([law, kernel, reading]) => [`${law.name} of ${kernel.kernelName}`, law, kernel, reading] as const))('%s', async ([, law, kernel, reading]) => {
    expect(await checkLaw(law, kernel, { also: [reading], lengths: short, numRuns: 100 })).toMatchObject({ checked: ['reference', 'streamed'] });
  });

  property.prop([shape])('any reference gives the same: the unsafe form equals the safe one', (c) => {
    const [s, v] = [scores(c), rows(c)];
    const [a, b] = [run(s, v, c, c.k), run(s, v, c, c.k, unsafe)];
    close(b.o, a.o);
    close(b.lse, a.lse);
  });

  property.prop([shape])('per-key scores of all rows sum to the number of rows, and from LSE equal those from shares', (c) => {
    const s = scores(c);
    const sizes = { q: c.q, k: c.k, d };
    const fromShares = evaluate(streamed('allRows'), { s }, sizes, { blocks: randomBlocks(c.seed) }).out;
    expect([...(fromShares ?? [])].reduce((a, b) => a + b, 0)).toBeCloseTo(c.q, 10);
    const lse = evaluate(safe, { s, v: rows(c) }, sizes).lse ?? new Float64Array();
    close(fromShares, Array.from({ length: c.k }, (_, k) => Array.from({ length: c.q }, (_x, q) => Math.exp((s[q * c.k + k] ?? NaN) - (lse[q] ?? NaN))).reduce((a, b) => a + b, 0)));
  });
});
