import { writeFileSync } from 'node:fs';
import type { KernelDef } from '../../dsl/definition.js';
import type { CudaTarget } from '../../runtime/cudaFunctions.js';
import type { KernelSource } from '../frontend/project.js';
import type { ScheduleChoice } from '../schedule/schedule.js';
import { choiceText, type TableEntry, tableText } from '../schedule/table.js';
import { interruptible } from './interrupt.js';
import { kernelsOf } from './kernels.js';
import { scalarsFor } from './measure/inputs.js';
import { lengthsText, type MeasuredDevice, measuredPlan, variantsFor } from './measure/lengths.js';
import { writeTable } from './measure/ledger.js';
import { searchLaunch, type SearchResult } from './measure/search.js';
import { chooseDevice, type ChosenDevice } from './measure/session.js';
import { entryAt, placeIn, settled } from './measure/settle.js';
import { gainText, noiseText, tunedTable } from './measure/tuneTable.js';
import { fromHere, readTable, tableBeside, warn } from './schedules.js';

export interface TuneOptions {
  readonly kernel?: string;
  readonly variant?: string;
  readonly device: 'auto' | MeasuredDevice;
  readonly target?: CudaTarget;
  readonly size?: readonly string[];
  readonly set?: readonly string[];
  readonly top: number;
  readonly within: number;
  readonly repeats: number;
  /** Seconds that all takes together; of one file everything is searched unless said. */
  readonly budget?: number;
  readonly out?: string;
  readonly svg?: string;
}

/** A launch that was searched, under the title that its table bears. */
interface Searched { readonly title: string; readonly result: SearchResult }

/**
 * Measures schedules of the kernels of a file on the device at hand and keeps, in the table beside the file, those that are better
 * than the model's beyond the noise. The table is written once, at the end. Throws CompileError, CommandError, BuildError, RuntimeError.
 */
export async function tuneFile(file: string, options: TuneOptions): Promise<void> {
  const kernels = kernelsOf(file, options.kernel).map((source) => ({ source, variants: variantsFor(source, options.size ?? [], options.variant) }));
  const device = await chooseDevice(options.device, options.target);
  const path = options.out ?? tableBeside(file);
  const before = readTable(path);
  let entries = before;
  const searched: Searched[] = [];
  await interruptible(async (signal) => {
    for (const { source, variants } of kernels) {
      for (const def of variants) entries = await tuneVariant({ source, def, entries, path, device, signal, options, searched });
    }
  });
  if (options.svg !== undefined) writeFileSync(options.svg, (await import('./measure/svg.js')).tunedSvg(searched, device.targets[0]));
  if (tableText(entries) === tableText(before)) process.stdout.write(before.length === 0 ? 'no table is written: the model\'s schedules stand\n' : `${fromHere(path)} stays as it is\n`);
  else {
    writeTable(path, entries);
    process.stdout.write(`${tableSaid(path, entries)}\n`);
  }
}

interface VariantJob {
  readonly source: KernelSource;
  readonly def: KernelDef;
  readonly entries: readonly TableEntry[];
  readonly path: string;
  readonly device: ChosenDevice;
  readonly signal: AbortSignal;
  readonly options: TuneOptions;
  readonly searched: Searched[];
}

/** Searches the launches of a variant one after the other, each with what was found for those before, and gives the table's entries with what won. */
async function tuneVariant({ source, def, entries, path, device, signal, options, searched }: VariantJob): Promise<readonly TableEntry[]> {
  const { on, processors } = device;
  const { plan, lengths } = measuredPlan(def, options.size ?? [], device);
  const target = plan.target.name;
  const chosen = new Map<string, ScheduleChoice>();
  let table = entries;
  for (const launch of plan.launches) {
    const place = placeIn(path, source, launch, target);
    const known = entryAt(table, place);
    const result = await searchLaunch({ source, plan, launch, lengths, scalars: scalarsFor(def, options.set ?? []), on, processors, top: options.top, within: options.within, repeats: options.repeats, incumbent: known?.schedule, chosen, signal });
    const title = `${launch.symbol} at ${lengthsText(def, lengths) || 'its only size'}`;
    searched.push({ title, result });
    process.stdout.write(`${title}, on ${result.device}\n`);
    if (result.schedules.length < 2) {
      process.stdout.write('  there is nothing to choose: every schedule comes to the same text\n\n');
      continue;
    }
    process.stdout.write(`${result.reached} schedules in reach, ${result.launchable} can run, ${result.schedules.length} measured\n\n${tunedTable(result, target)}\n`);
    const { winner } = result;
    const model = result.schedules.find((s) => s.isModel);
    const noise = model && noiseText(model.row.time);
    if (noise !== undefined) warn([noise]);
    table = settled(table, place, { kernel: source.name, def, lengths }, result);
    if (winner === undefined) {
      process.stdout.write(`the model's schedule stands: none is better beyond the noise${known === undefined ? '' : '; the table\'s entry is removed'}\n\n`);
      continue;
    }
    chosen.set(launch.symbol, winner.choice);
    process.stdout.write(`${choiceText(winner.choice, target)}: ${gainText(winner)}\n\n`);
  }
  return table;
}

/** What the table holds in the end, for people. */
export function tableSaid(path: string, entries: readonly TableEntry[]): string {
  if (entries.length === 0) return `${fromHere(path)} is removed: it has no entries left`;
  return `${entries.length} ${entries.length === 1 ? 'schedule' : 'schedules'} in ${fromHere(path)}; \`warpfold compile\` and \`run\` follow it from now on`;
}
