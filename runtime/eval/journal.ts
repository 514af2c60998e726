import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { RuntimeError } from '../error.js';
import { firstDifference } from './difference.js';
import { aggregates } from './aggregate.js';
import { type CaseResult, type EvalHeader, type EvalResults, parseCase, parseHeader, parseResults, resultsText } from './results.js';

/** A run on disk: cases that are done, and where the next one goes. */
export interface Journal {
  readonly done: readonly CaseResult[];
  /** Whether nothing is left to do: the results file is there. */
  readonly finished: boolean;
  /** Puts one case down, at once. */
  append(result: CaseResult): void;
  /** Writes the results file with the cases in `order` and takes the lines away. */
  finish(order: (result: CaseResult) => number, finished: string): EvalResults;
}

/** Where cases are put down until a run is finished. */
export const journalPath = (out: string): string => `${out}.cases.jsonl`;

/**
 * Opens the run whose results go to `out`, or goes on with it: a process that died in the middle of a line loses that line
 * alone. What was made with other settings is left for the new run to take its place where `replace` says so; else throws
 * R605, naming the first difference.
 */
export function openJournal(out: string, header: EvalHeader, replace = false): Journal {
  if (existsSync(out)) {
    const results = parseResults(readFileSync(out, 'utf8'), out);
    if (agrees(results, header, out, replace)) return journal(out, results, results.cases, true);
  }
  return existsSync(journalPath(out)) ? resumed(out, header, replace) : begun(out, header);
}

function begun(out: string, header: EvalHeader): Journal {
  writeFileSync(journalPath(out), `${JSON.stringify(header)}\n`);
  return journal(out, header, [], false);
}

function resumed(out: string, header: EvalHeader, replace: boolean): Journal {
  const path = journalPath(out);
  const text = readFileSync(path);
  // What follows the last end of a line was being written when the process died.
  const whole = text.lastIndexOf(10) + 1;
  if (whole < text.length) truncateSync(path, whole);
  const [first = '', ...lines] = text.subarray(0, whole).toString('utf8').split('\n').filter((line) => line !== '');
  if (first === '') return begun(out, header);
  const there = parseHeader(first, path);
  if (!agrees(there, header, path, replace)) return begun(out, header);
  return journal(out, there, lines.map((line, i) => parseCase(line, `${path}:${i + 2}`)), false);
}

function journal(out: string, header: EvalHeader, done: readonly CaseResult[], finished: boolean): Journal {
  const cases = [...done];
  return {
    done, finished,
    append: (result) => {
      appendFileSync(journalPath(out), `${JSON.stringify(result)}\n`);
      cases.push(result);
    },
    finish: (order, at) => {
      const { format, run, model, settings } = header;
      const ordered = cases.toSorted((a, b) => order(a) - order(b));
      const results: EvalResults = { format, run: { ...run, finished: run.finished ?? at }, model, settings, aggregates: [...aggregates(ordered)], cases: ordered };
      if (finished) return results;
      // In one step, so that a results file is never half written.
      writeFileSync(`${out}.tmp`, resultsText(results));
      renameSync(`${out}.tmp`, out);
      rmSync(journalPath(out), { force: true });
      return results;
    },
  };
}

/** What two runs must share for one to go on with the other. */
const comparable = ({ run, model, settings }: EvalHeader): unknown =>
  JSON.parse(JSON.stringify({ settings, model, run: { version: run.version, commit: run.commit, device: run.device, dtype: run.dtype } }));

/** Whether a run can go on with one that is there. Throws R605 where it cannot and may not take its place. */
function agrees(there: EvalHeader, here: EvalHeader, where: string, replace: boolean): boolean {
  const difference = firstDifference(comparable(there), comparable(here), []);
  if (difference === undefined) return true;
  if (replace) return false;
  const { path, was, is } = difference;
  throw new RuntimeError('R605', `a run with other settings is there: ${path.join('.')} was ${was} and is ${is}`, { where, remedy: 'name another file with --out, or add --replace' });
}
