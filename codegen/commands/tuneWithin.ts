import { writeFileSync } from 'node:fs';
import { type KernelSource, readKernels } from '../frontend/project.js';
import { candidatesWithin, type SearchCost } from '../schedule/budget.js';
import { choiceText } from '../schedule/table.js';
import { noKernel } from './check.js';
import { CommandError } from './failure.js';
import { interruptible } from './interrupt.js';
import { namesOf } from './kernelNames.js';
import { type Job, jobsOf, ratiosOf, shortened } from './measure/jobs.js';
import { type Ledger, openLedger } from './measure/ledger.js';
import { measureRound, type Outcome } from './measure/round.js';
import type { SearchResult } from './measure/search.js';
import { chooseDevice, openPieces } from './measure/session.js';
import { gainText } from './measure/tuneTable.js';
import { sourceFiles } from './sourceFiles.js';
import { type TuneOptions, tableSaid } from './tune.js';

/** What a search takes before one was measured: compilers take seconds on one of several cores, loading and comparing results some tenths. */
const guessed: SearchCost = { search: 1.5, candidate: 1 };

/** What came of a run so far. */
interface Run { readonly results: { readonly title: string; readonly result: SearchResult }[]; readonly failures: Map<string, string> }

/**
 * Searches schedules of every launch of some files, in all the forms that serve different shapes, for so many seconds. The model estimates all
 * of them first; what it can hardly tell from the best is measured. The table is written after each search, and a journal beside it: the
 * same command goes on where a run has ended. Throws CompileError, CommandError, BuildError, RuntimeError.
 */
export async function tuneWithin(paths: readonly string[], options: TuneOptions): Promise<void> {
  const began = performance.now();
  const { budget } = options;
  if (budget === undefined) throw new CommandError('several files take a time to be tuned in, as --budget 600: seconds');
  const seconds = (): number => (performance.now() - began) / 1000;
  const sources = kernelsIn(paths, options.kernel);
  const device = await chooseDevice(options.device, options.target);
  const description = await descriptionOf(device.on);
  const ledger = openLedger(description);
  const run: Run = { results: [], failures: new Map() };
  const say = (text: string): void => { process.stderr.write(`[${String(Math.round(seconds())).padStart(4)} s] ${text}\n`); };

  const jobs = await interruptible(async (signal) => {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(1000 * budget)]);
    let all: readonly Job[] | undefined;
    try {
      all = (await jobsOf(sources, device, options, ledger, stop)).filter((job) => candidatesWithin([ratiosOf(job)], Number.POSITIVE_INFINITY, guessed)[0] !== 0);
      await measureAll(all, ledger, run, { left: () => budget - seconds(), stop, say });
    } catch (error) {
      // Ctrl-C ends the command, the budget the search alone.
      signal.throwIfAborted();
      if (!stop.aborted) throw error;
    }
    return all;
  });

  const left = jobs?.filter((job) => !ledger.isSearched(job)).length;
  const won = run.results.filter(({ result }) => result.winner !== undefined).length;
  process.stdout.write(`${run.results.length} launches searched in ${seconds().toFixed(0)} s on ${description}: ${won} take less time than with the model's schedule\n`);
  for (const table of ledger.end(left === 0)) {
    const entries = ledger.entries(table);
    process.stdout.write(`${entries.length === 0 ? 'there is no table: the model\'s schedules stand' : tableSaid(table, entries)}\n`);
  }
  if (left !== 0) process.stdout.write(`${left === undefined ? 'not all launches were estimated' : `${left} ${left === 1 ? 'launch is' : 'launches are'} left`}: the same command goes on with what is left\n`);
  if (options.svg !== undefined) writeFileSync(options.svg, (await import('./measure/svg.js')).tunedSvg(run.results, device.targets[0]));
  if (run.failures.size > 0) throw new CommandError(`${run.failures.size} could not be measured:\n${[...run.failures].map(([title, why]) => `  ${title}: ${why}`).join('\n')}`);
}

interface Clock { readonly left: () => number; readonly stop: AbortSignal; readonly say: (text: string) => void }

/** Rounds as long as there is time: what a round took tells how much the next one can take. */
async function measureAll(jobs: readonly Job[], ledger: Ledger, run: Run, { left, stop, say }: Clock): Promise<void> {
  let cost = guessed;
  for (;;) {
    const open = jobs.filter((job) => !ledger.isSearched(job) && !run.failures.has(job.title));
    const counts = candidatesWithin(open.map(ratiosOf), left(), cost);
    const round = open.flatMap((job, i) => { const count = counts[i] ?? 0; return count === 0 ? [] : [shortened(job, count)]; }).sort((a, b) => Math.min(...ratiosOf(a)) - Math.min(...ratiosOf(b)));
    if (round.length === 0) return;
    const schedules = round.reduce((n, { found }) => n + found.candidates.length, 0);
    say(`measuring ${schedules} schedules of ${round.length} launches, of ${open.length} that the model is not sure of`);
    const start = left();
    await measureRound(round, stop, (job, outcome) => ended(job, outcome, ledger, run, say));
    cost = { ...guessed, candidate: Math.max(0.05, (start - left() - round.length * guessed.search) / schedules) };
  }
}

function ended(job: Job, outcome: Outcome, ledger: Ledger, { results, failures }: Run, say: Clock['say']): void {
  if (outcome.kind === 'failed') {
    failures.set(job.title, outcome.why);
    say(`${job.title}: failed`);
    return;
  }
  const { winner, schedules } = outcome.result;
  results.push({ title: job.title, result: outcome.result });
  ledger.keep(job, outcome.result);
  say(`${job.title}: ${schedules.length} schedules`);
  if (winner !== undefined) process.stdout.write(`${job.title}: ${choiceText(winner.choice, job.place.target)}: ${gainText(winner)}\n`);
}

function kernelsIn(paths: readonly string[], name: string | undefined): readonly KernelSource[] {
  const files = sourceFiles(paths);
  const all = readKernels(files);
  if (all.length === 0) throw new CommandError(noKernel(files));
  const found = all.filter((k) => name === undefined || k.name === name);
  if (found.length === 0) throw new CommandError(`there is no kernel '${name}'; there are ${namesOf(all, name ?? '')}`);
  return found;
}

async function descriptionOf(on: 'cpu' | 'cuda'): Promise<string> {
  await using device = await openPieces([], on);
  return device.description;
}
