import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../codegen/graph/columns.js';
import { machines } from '../../../codegen/graph/cost.js';
import { stream } from '../../../codegen/stream/derive.js';
import { programs } from '../stream/programs.js';

const suite = programs('columns', 'masks');
const plansOf = (name: string): readonly string[] => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return columnsOf(stream(def), machines.warps).map((c) => `${c.plan}: ${c.keys} from ${c.rows.join(' ')}`);
};

describe('sums over rows whose references vary along the rows', () => {
  test.each([
    ['lastRow', ['D: k from q']],
    ['eightRows', ['K: k from w', 'R: k from r']],
    ['window64', ['K: k from w']],
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
