import type { KernelSource } from '../../frontend/project.js';
import { tableBeside } from '../schedules.js';
import { scalarsFor } from './inputs.js';
import { lengthsText, measuredPlans, variantsFor } from './lengths.js';
import type { Ledger } from './ledger.js';
import { candidatesOf, type Found, type LaunchSearch } from './search.js';
import type { ChosenDevice } from './session.js';
import { entryAt, type Place, placeIn } from './settle.js';

/** A search that is planned: what the model estimates of it, and where in which table it stands. */
export interface Job { readonly search: LaunchSearch; readonly found: Found; readonly place: Place; readonly table: string; readonly title: string }

/** What of a command's options says which launches are searched, and how. */
export interface JobOptions {
  readonly variant?: string;
  readonly size?: readonly string[];
  readonly set?: readonly string[];
  readonly top: number;
  readonly within: number;
  readonly repeats: number;
  readonly out?: string;
}

/** Every launch of every variant for some shapes, as far as it was not searched before. Rejects with the signal's reason when that is set off. */
export async function jobsOf(sources: readonly KernelSource[], device: ChosenDevice, options: JobOptions, ledger: Ledger, signal: AbortSignal): Promise<readonly Job[]> {
  const { on, processors } = device;
  const jobs: Job[] = [];
  for (const source of sources) {
    const table = options.out ?? tableBeside(source.file);
    for (const def of variantsFor(source, options.size ?? [], options.variant)) {
      for (const { plan, lengths } of measuredPlans(def, options.size ?? [], device)) {
        const places = plan.launches.map((launch) => ({ launch, place: placeIn(table, source, launch, plan.target.name) }));
        const known = new Map(places.flatMap(({ launch, place }) => { const entry = entryAt(ledger.entries(table), place); return entry === undefined ? [] : [[launch.symbol, entry.schedule] as const]; }));
        for (const { launch, place } of places.filter((p) => !ledger.isSearched({ table, place: p.place }))) {
          const incumbent = known.get(launch.symbol);
          const chosen = new Map([...known].filter(([symbol]) => symbol !== launch.symbol));
          const search: LaunchSearch = { source, plan, launch, lengths, scalars: scalarsFor(def, options.set ?? []), on, processors, top: options.top, within: options.within, repeats: options.repeats, incumbent, chosen, signal };
          jobs.push({ search, found: candidatesOf(search), place, table, title: `${launch.symbol} at ${lengthsText(def, lengths) || 'its only size'}` });
          // Estimating is arithmetic: an interruption is heard in between.
          await new Promise(setImmediate);
          signal.throwIfAborted();
        }
      }
    }
  }
  return jobs;
}

/** Estimated times of what would be measured beside the model's schedule, over that of the model's. What a table holds is measured whatever is thought of it. */
export const ratiosOf = ({ found, search }: Job): readonly number[] => {
  const incumbent = JSON.stringify(search.incumbent);
  return found.candidates.slice(1).map((c) => (JSON.stringify(c.choice) === incumbent ? Math.min(1, c.predicted) : c.predicted));
};

/** A job that measures so many of its candidates, the model's schedule apart. */
export const shortened = (job: Job, count: number): Job => ({ ...job, found: { ...job.found, candidates: job.found.candidates.slice(0, 1 + count) } });
