import { describe, expect, test } from 'vitest';
import { joinResults, type ReadResults } from '../../../runtime/eval/join.js';
import type { EvalResults } from '../../../runtime/eval/results.js';
import { fakeResults } from './fakeResults.js';

const whole = fakeResults([1024, 2048], 3);

/** The part of a run that concerns one task. */
const only = (task: string): ReadResults => ({ where: `${task}.json`, results: { ...whole, settings: { ...whole.settings, tasks: [task] }, aggregates: whole.aggregates.filter((a) => a.task === task), cases: whole.cases.filter((c) => c.task === task) } });
const [first, second, ...more] = whole.settings.tasks.map(only);
if (first === undefined || second === undefined) throw new Error('the fake results have two tasks');
const changed = (change: (r: EvalResults) => EvalResults): ReadResults => ({ ...second, results: change(second.results) });

describe('runs of several tasks', () => {
  test('shown together are what one run of all tasks is', () => {
    const joined = joinResults([first, second, ...more]);
    expect(joined.settings.tasks).toEqual(whole.settings.tasks);
    expect(joined.cases.length).toBe(whole.cases.length);
    expect(joined.aggregates.length).toBe(whole.aggregates.length);
    expect(new Set(joined.cases)).toEqual(new Set(whole.cases));
  });

  test('one alone is left as it is', () => expect(joinResults([first])).toBe(first.results));

  test('run from the first start to the last end', () => {
    const later = changed((r) => ({ ...r, run: { ...r.run, started: '2999-01-01T00:00:00.000Z', finished: '2999-01-02T00:00:00.000Z' } }));
    const timed: ReadResults = { ...first, results: { ...first.results, run: { ...first.results.run, finished: '2001-01-01T00:00:00.000Z' } } };
    expect(joinResults([timed, later]).run).toMatchObject({ started: first.results.run.started, finished: '2999-01-02T00:00:00.000Z' });
  });

  test.each([
    ['another device', (r: EvalResults) => ({ ...r, run: { ...r.run, device: 'an abacus' } }), /its run\.device is "an abacus" and not /],
    ['another seed', (r: EvalResults) => ({ ...r, settings: { ...r.settings, seed: 77 } }), /its settings\.seed is 77 and not /],
    ['fewer lengths', (r: EvalResults) => ({ ...r, settings: { ...r.settings, lengths: [1024] } }), /its settings\.lengths\.1 is absent and not 2048/],
    ['another model', (r: EvalResults) => ({ ...r, model: { ...r.model, id: 'other' } }), /its model\.id is "other" and not /],
  ])('with %s are refused, with the difference', (_, change, message) => {
    expect(() => joinResults([first, changed(change)])).toThrow(expect.objectContaining({ code: 'R605', message: expect.stringMatching(message) as string }));
  });

  test('that share a task are refused', () => {
    expect(() => joinResults([first, { ...first, where: 'again.json' }])).toThrow(expect.objectContaining({ code: 'R605', message: expect.stringMatching(/^again\.json: .*its task \w+ is in an earlier file as well/) as string }));
  });
});
