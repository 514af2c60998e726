import { dirname, relative, resolve, sep } from 'node:path';
import type { KernelDef } from '../../../dsl/definition.js';
import type { TargetName } from '../../../dsl/manifest.js';
import type { KernelSource } from '../../frontend/project.js';
import { graphHash } from '../../givens.js';
import type { Launch } from '../../graph/launch.js';
import { type TableEntry, withEntries } from '../../schedule/table.js';
import type { AxisLengths } from './lengths.js';
import type { MeasuredSchedule, SearchResult } from './search.js';

/** A launch as a table names it: the kernel's file relative to the table, and which program it is. */
export interface Place { readonly file: string; readonly launch: string; readonly target: TargetName; readonly graph: string }

/** Where a launch of a kernel stands in the table at `path`. */
export const placeIn = (path: string, source: KernelSource, launch: Launch, target: TargetName): Place =>
  ({ file: relative(dirname(resolve(path)), resolve(source.file)).split(sep).join('/'), launch: launch.symbol, target, graph: graphHash(launch.def) });

const isAt = (e: TableEntry, { file, launch, target }: Place): boolean => e.file === file && e.launch === launch && e.target === target;

/** The entry of a launch, where it is of the very program. */
export const entryAt = (entries: readonly TableEntry[], place: Place): TableEntry | undefined => entries.find((e) => isAt(e, place) && e.graph === place.graph);

/** A table after a search: with the winner in the place of what stood there, without it where the model's schedule stands. */
export function settled(entries: readonly TableEntry[], place: Place, { kernel, def, lengths }: { readonly kernel: string; readonly def: KernelDef; readonly lengths: AxisLengths }, { winner, schedules, device }: SearchResult): readonly TableEntry[] {
  const others = entries.filter((e) => !isAt(e, place));
  const model = schedules.find((s) => s.isModel);
  if (winner === undefined || model === undefined) return others;
  const ms = (s: MeasuredSchedule): number => Number((s.row.time.median * 1e3).toPrecision(4));
  const { file, launch, target, graph } = place;
  return withEntries(others, [{
    file, kernel, variant: def.variant, launch, target, graph, schedule: winner.choice,
    measured: { device, date: new Date().toISOString().slice(0, 10), sizes: lengths, ms: ms(winner), modelMs: ms(model) },
  }]);
}
