import { describe, expect, test } from 'vitest';
import { columnPlans } from '../../../codegen/graph/cuts.js';
import { multiprocessors } from '../../../codegen/schedule/machine.js';
import { stream } from '../../../codegen/stream/derive.js';
import { programs } from '../stream/programs.js';

const suite = programs('columns', 'masks');
const plansOf = (name: string): readonly string[] => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return columnPlans(stream(def), { machine: multiprocessors, serves: [] }).map((c) => `${c.plan}: ${c.keys} from ${c.rows.join(' ')}`);
};

describe('sums over rows whose references vary along the rows', () => {
  test.each([
    ['lastRow', ['D: k from w']],
    ['eightRows', ['K: k from w']],
    ['eightRowsOfGroup', ['R: k from w r']],
    ['eightRowsBeside', ['K: k from w']],
    ['bestOfEight', ['K: k from w']],
    ['window64', ['K: k from w']],
    ['shortHeads', ['R: k from w']],
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
});
