import type { LaunchSpec } from '../../dsl/manifest.js';
import { freshResources } from '../buildCuda.js';
import type { ReportRow } from '../compile.js';
import type { FunctionResources } from '../ptxas.js';
import { resourceCells, resourceColumns, resourceHeads, resourcesIn } from '../resources.js';
import { inTable } from './table.js';

/** What each launch takes of a multiprocessor, one row for each architecture. `reports`: by the path of its text. */
export const resourceTable = (launches: readonly LaunchSpec[], reports: ReadonlyMap<string, readonly FunctionResources[]>): string =>
  inTable(['function', 'architecture', ...resourceHeads], resourcesIn(launches, reports).map((r) => [r.symbol, r.arch, ...resourceCells(r)]));

/**
 * One row for each variant. What ptxas says of those for GPUs stands in it where the build folder has a report of the very
 * text; a line tells how to get what is missing.
 */
export async function variantTable(report: readonly ReportRow[], texts: ReadonlyMap<string, string>, build: string): Promise<string> {
  const reports = await freshResources(texts, build);
  const unknown = new Set(report.filter((r) => r.target !== 'cpu' && !r.launches.every((l) => reports.has(l.file))).map((r) => r.kernel)).size;
  const plain = report.map((r) => [r.kernel, r.variant, r.target, r.schedule, r.cost]);
  const heads = ['kernel', 'variant', 'target', 'schedule', 'estimated cost'];
  const known = (r: ReportRow): readonly string[] => resourceColumns(resourcesIn(r.launches, reports));
  const table = reports.size === 0 ? inTable(heads, plain) : inTable([...heads, ...resourceHeads], report.map((r, i) => [...(plain[i] ?? []), ...known(r)]));
  return `${table}${unknown === 0 ? '' : `\n${howToKnow(unknown)}\n`}`;
}

/** What to do where ptxas has not yet said what some kernels take. */
export const howToKnow = (kernels: number): string => `registers, spills and occupancy of ${kernels} ${kernels === 1 ? 'kernel' : 'kernels'} for GPUs: compile with --resources, where nvcc is`;
