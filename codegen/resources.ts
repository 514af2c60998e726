import type { LaunchSpec } from '../dsl/manifest.js';
import type { FunctionResources } from './ptxas.js';
import { type Occupancy, occupancy, processorOf } from './schedule/occupancy.js';

/** What one launch takes of a multiprocessor of one architecture. `sharedBytes`: static and dynamic. `occupancy` is undefined on an architecture of unknown size. */
export interface LaunchResources {
  readonly symbol: string;
  readonly arch: string;
  readonly registers: number;
  readonly sharedBytes: number;
  readonly spilledBytes: number;
  readonly occupancy: Occupancy | undefined;
}

/** The launches of a manifest that ptxas reports of, once for each architecture, in the order of the launches. */
export function resourcesOf(launches: readonly LaunchSpec[], functions: readonly FunctionResources[]): readonly LaunchResources[] {
  return launches.flatMap((l) => functions.filter((f) => f.symbol === l.symbol).map((f): LaunchResources => {
    const sharedBytes = f.sharedBytes + l.sharedBytes;
    const processor = processorOf(f.arch);
    return {
      symbol: l.symbol, arch: f.arch, registers: f.registers, sharedBytes, spilledBytes: f.spillStores + f.spillLoads,
      occupancy: processor && occupancy({ threads: l.threads, registers: f.registers, sharedBytes }, processor),
    };
  }));
}

/** Likewise from reports by the path of the text that a launch is in. */
export const resourcesIn = (launches: readonly LaunchSpec[], reports: ReadonlyMap<string, readonly FunctionResources[]>): readonly LaunchResources[] =>
  launches.flatMap((l) => resourcesOf([l], reports.get(l.file) ?? []));

/** Heads of `cells`. */
export const resourceHeads = ['registers', 'shared bytes', 'spilled bytes', 'blocks', 'warps', 'occupancy', 'limited by'] as const;

/** Resources as text: blocks and warps are those that a multiprocessor runs at a time, occupancy is their share of its warps. */
export function resourceCells({ registers, sharedBytes, spilledBytes, occupancy: o }: LaunchResources): readonly string[] {
  return [`${registers}`, `${sharedBytes}`, `${spilledBytes}`, ...(o ? [`${o.blocks}`, `${o.warps}`, `${Math.round(o.share * 100)} %`, o.limitedBy.join(', ')] : ['–', '–', '–', '–'])];
}

/** The same for the launches of a variant in one cell per head: architectures are parted by `/` where they differ, launches by ` | `. */
export function resourceColumns(rows: readonly LaunchResources[]): readonly string[] {
  const bySymbol = [...new Set(rows.map((r) => r.symbol))].map((symbol) => rows.filter((r) => r.symbol === symbol).map(resourceCells));
  return resourceHeads.map((_, i) => bySymbol.map((archs) => [...new Set(archs.map((cells) => cells[i] ?? ''))].join('/')).join(' | ') || '–');
}
