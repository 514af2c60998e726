import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { TargetName } from '../../../dsl/manifest.js';
import { type TableEntry, tableText } from '../../schedule/table.js';
import { fromHere, readTable, warn } from '../schedules.js';
import type { Job } from './jobs.js';
import type { SearchResult } from './search.js';
import { type Place, settled } from './settle.js';

/** The tables of a run, and what was searched for them on a device, by this run or one that ended early. */
export interface Ledger {
  readonly entries: (table: string) => readonly TableEntry[];
  readonly isSearched: (job: Pick<Job, 'table' | 'place'>) => boolean;
  /** Writes the table with what a search found, and that it was searched. */
  readonly keep: (job: Job, result: SearchResult) => void;
  /** The tables that were read or written. Where nothing is left to search, their journals go. */
  readonly end: (isComplete: boolean) => readonly string[];
}

const journal = z.strictObject({
  device: z.string(), searched: z.array(z.strictObject({ file: z.string(), launch: z.string(), target: z.enum(['cpu', 'sm_80', 'sm_90a']) satisfies z.ZodType<TargetName>, graph: z.string() })),
}) satisfies z.ZodType<{ readonly device: string; readonly searched: readonly Place[] }>;

/** Where a table's journal lies. */
export const journalOf = (table: string): string => `${table.replace(/\.json$/, '')}.searched.json`;

/** The ledger of a run on the device that is described so. Reading a table throws L111 for one that is none. */
export function openLedger(device: string): Ledger {
  const tables = new Map<string, { readonly entries: readonly TableEntry[]; readonly searched: readonly Place[] }>();
  const at = (table: string): { readonly entries: readonly TableEntry[]; readonly searched: readonly Place[] } => {
    const known = tables.get(table) ?? { entries: readTable(table), searched: readJournal(table, device) };
    tables.set(table, known);
    return known;
  };
  return {
    entries: (table) => at(table).entries,
    isSearched: ({ table, place }) => at(table).searched.some((p) => p.file === place.file && p.launch === place.launch && p.target === place.target && p.graph === place.graph),
    keep: (job, result) => {
      const { entries, searched } = at(job.table);
      const now = { entries: settled(entries, job.place, { kernel: job.search.source.name, def: job.search.plan.def, lengths: job.search.lengths }, result), searched: [...searched, job.place] };
      tables.set(job.table, now);
      writeTable(job.table, now.entries);
      replace(journalOf(job.table), `${JSON.stringify({ device, searched: now.searched }, undefined, 1)}\n`);
    },
    end: (isComplete) => {
      if (isComplete) for (const table of tables.keys()) rmSync(journalOf(table), { force: true });
      return [...tables.keys()];
    },
  };
}

/** A table appears whole or not at all; without entries there is none. */
export function writeTable(path: string, entries: readonly TableEntry[]): void {
  if (entries.length === 0) rmSync(path, { force: true });
  else replace(path, tableText(entries));
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

function readJournal(table: string, device: string): readonly Place[] {
  const path = journalOf(table);
  if (!existsSync(path)) return [];
  const parsed = journal.safeParse(jsonOf(readFileSync(path, 'utf8')));
  const why = !parsed.success ? 'it is no journal of `warpfold tune`' : parsed.data.device === device ? undefined : `it is of another device, ${parsed.data.device}`;
  if (why !== undefined) warn([`${fromHere(path)} is not followed: ${why}`]);
  return parsed.success && why === undefined ? parsed.data.searched : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
