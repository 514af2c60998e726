import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Columns, Expected } from '../../../codegen/graph/columns.js';
import { columnPlans } from '../../../codegen/graph/cuts.js';
import { partition } from '../../../codegen/graph/partition.js';
import { multiprocessors } from '../../../codegen/schedule/machine.js';
import { stream } from '../../../codegen/stream/derive.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { programs } from '../stream/programs.js';

const suite = programs('columns', 'masks', 'windowed');
const streamed = (name: string): KernelDef => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return stream(def);
};
const usual: Expected = { machine: multiprocessors, serves: [] };
const plansOf = (name: string, expected = usual): readonly string[] => columnPlans(streamed(name), expected).map((c) => `${c.plan}: ${c.keys} from ${c.rows.join(' ')}`);

describe('sums over rows whose references vary along the rows', () => {
  test.each([
    ['lastRow', ['D: k from w']],
    ['eightRows', ['K: k from w']],
    ['eightRowsOfGroup', ['R: k from w r']],
    ['eightRowsBeside', ['K: k from w']],
    ['bestOfEight', ['K: k from w']],
    ['zonesOfEight', ['K: k from w', 'K: k from w', 'K: k from w']],
    // Two products read the same keys, once.
    ['differenceOfEight', ['R: k from w']],
    ['window64', ['K: k from w']],
    ['shortHeads', ['R: k from w']],
    ['windowedOne', ['D: k from w']],
    ['windowedAll', ['R: k from w']],
    ['givenRows', ['R: k from q']],
    ['allRows', ['R: k from q']],
    ['columnMax', ['R: k from q']],
    ['secondMoment', ['R: k from q']],
    ['zoneSums', ['R: k from q', 'R: k from q']],
    ['weighted', ['R: k from q']],
  ])('%s: %j', (name, plans) => {
    expect(plansOf(name)).toEqual(plans);
  });

  test('a sum whose references do not vary along its axis needs no plan', () => {
    expect(plansOf('full')).toEqual([]);
  });

  test('a bound on the rows of a launch is as good as a number', () => {
    const few = (atMost: number): Expected => ({ ...usual, serves: [{ axes: ['w', 'r'], atMost }] });
    expect(plansOf('windowedAll', few(16))).toEqual(['K: k from w']);
    expect(plansOf('windowedAll', few(64))).toEqual(['R: k from w']);
    expect(plansOf('eightRowsOfGroup', few(1))).toEqual(['K: k from w r']);
    const all = streamed('windowedAll');
    const ragged: KernelDef = { ...all, sizes: { ...all.sizes, w: { kind: 'ragged', by: 'r' } } };
    expect(columnPlans(ragged, few(16)).map((c) => c.plan)).toEqual(['R']);
  });
});

test('scores that several sums need are kept once, and references stored once', () => {
  const steps = (name: string) => partition(streamed(name), usual).map((l) => l.def.results.map((r) => r.name));
  expect(steps('zonesOfEight')).toEqual([['mMemory', 'lMemory', 'dotMemory'], ['early', 'late', 'most']]);
  expect(steps('differenceOfEight')).toEqual([['mMemory', 'lMemory', 'mMemory2', 'lMemory2'], ['out']]);
});

// Rows and head dim decide, on a machine of any speed.
const eight = streamed('eightRowsBeside');
const sized = (w: number, d: number): KernelDef => ({ ...eight, sizes: { ...eight.sizes, w: { kind: 'fixed', size: w }, d: { kind: 'fixed', size: d } } });
const shapes = fc.record({ w: fc.integer({ min: 1, max: 80 }), d: fc.constantFrom(1, 4, 16, 64, 128, 256), rate: fc.double({ min: 0.1, max: 1000, noNaN: true }) });
const planOf = (def: KernelDef, rate: number): Columns => {
  const [only, more] = columnPlans(def, { machine: { halves: rate, whole: rate }, serves: [] });
  if (!only || more) throw new Error('one sum has one plan');
  return only;
};

describe('the plan of a sum over few rows', () => {
  property.prop([shapes])('is the cheapest: scores written and read, or operands read and multiplied again', ({ w, d, rate }) => {
    const { plan, costs } = planOf(sized(w, d), rate);
    // Per key and head: keys are read whole, rows once for the 1024 keys that the model assumes.
    const again = 4 * d + (4 * w * d) / 1024 + (2 * w * d) / rate;
    expect(costs?.keep).toBeCloseTo(8 * w, 9);
    expect(costs?.again).toBeCloseTo(again, 6);
    expect(plan).toBe(w > 64 || again < 8 * w ? 'R' : w === 1 ? 'D' : 'K');
  });

  property.prop([shapes])('decides what the launch of the sums reads', ({ w, d, rate }) => {
    const def = sized(w, d);
    const { plan } = planOf(def, rate);
    const [walk, sums, more] = partition(def, { machine: { halves: rate, whole: rate }, serves: [] });
    expect(more).toBeUndefined();
    expect(sums?.def.results.map((r) => r.name)).toEqual(['column']);
    const read = new Set(sums?.def.params.map((p) => p.name));
    expect([read.has('q'), read.has('k'), walk?.kept.size]).toEqual(plan === 'R' ? [true, true, 0] : [false, false, 1]);
    for (const kept of walk?.kept ?? []) expect(read.has(kept)).toBe(true);
  });
});
