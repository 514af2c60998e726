import { RuntimeError } from '../error.js';
import { firstDifference } from './difference.js';
import type { EvalHeader, EvalResults } from './results.js';

/** Results and the file they were read from. */
export interface ReadResults { readonly where: string; readonly results: EvalResults }

/**
 * Runs of one model that differ in their tasks alone, as one: what was run side by side is shown together. Throws R605 where
 * anything else differs, naming the first difference, or where a task is in two of them.
 */
export function joinResults([first, ...rest]: readonly [ReadResults, ...ReadResults[]]): EvalResults {
  return rest.reduce((joined, { where, results }): EvalResults => {
    const difference = firstDifference(sameForAll(joined), sameForAll(results));
    if (difference !== undefined) throw refusal(where, `its ${difference.path.join('.')} is ${difference.is} and not ${difference.was}`);
    const twice = results.settings.tasks.find((task) => joined.settings.tasks.includes(task));
    if (twice !== undefined) throw refusal(where, `its task ${twice} is in an earlier file as well`);
    return {
      ...joined, run: { ...joined.run, ...span(joined.run, results.run), command: `${joined.run.command}; ${results.run.command}` },
      settings: { ...joined.settings, tasks: [...joined.settings.tasks, ...results.settings.tasks], templates: { ...record(joined.settings.templates), ...record(results.settings.templates) }, data: [...joined.settings.data, ...results.settings.data] },
      aggregates: [...joined.aggregates, ...results.aggregates], cases: [...joined.cases, ...results.cases],
    };
  }, first.results);
}

const refusal = (where: string, what: string): RuntimeError => new RuntimeError('R605', `this run cannot be shown with those before it: ${what}`, { where, remedy: 'give runs of one model on one machine that differ in their tasks alone' });

/** What the results of several tasks must share to stand in one picture. */
function sameForAll({ run: { version, node, platform, device, dtype }, model, settings: { lengths, cases, predicted, seed, chat, methods, haystack } }: EvalHeader): unknown {
  return { run: { version, node, platform, device, dtype }, model, settings: { lengths, cases, predicted, seed, chat, methods, haystack } };
}

const record = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/** From the first start to the last end. */
function span(a: EvalHeader['run'], b: EvalHeader['run']): Pick<EvalHeader['run'], 'started' | 'finished'> {
  const ends = [a.finished, b.finished].flatMap((end) => (end === undefined ? [] : [end])).sort();
  return { started: a.started < b.started ? a.started : b.started, ...(ends.length === 2 ? { finished: ends[1] } : {}) };
}
