import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CompileError } from '../../dsl/diagnostic.js';
import { type Lookup, lookup, type PlacedEntry } from '../givens.js';
import { parseTable, type TableEntry, tableName } from '../schedule/table.js';
import { CommandError } from './failure.js';

/** The table that belongs to the kernels of `file`. */
export const tableBeside = (file: string): string => join(dirname(file), tableName);

/**
 * The measured schedules for the kernels of some files: those of `table`, else of the tables that lie beside the files.
 * Throws L111 for a table that is none, CommandError where `table` is missing.
 */
export function schedulesFor(files: readonly string[], table?: string): Lookup {
  if (table !== undefined && !existsSync(table)) throw new CommandError(`--schedules ${table}: there is no such file; \`warpfold tune FILE --out ${table}\` writes one`);
  const tables = table === undefined ? [...new Set(files.map(tableBeside))].filter((path) => existsSync(path)) : [table];
  return lookup(tables.flatMap(placedEntries));
}

/** The entries of a table; none where there is no such file. Throws L111 for one that is no table. */
export const readTable = (path: string): readonly TableEntry[] => (existsSync(path) ? placedEntries(path).map((p) => p.entry) : []);

function placedEntries(path: string): readonly PlacedEntry[] {
  const parsed = parseTable(readFileSync(path, 'utf8'));
  const file = fromHere(path);
  if ('mistake' in parsed) {
    const { message, ...place } = parsed.mistake;
    throw new CompileError('L111', `no table of schedules: ${message}`, { file, ...place, binding: undefined }, ['`warpfold tune` writes such tables; without the file the model chooses']);
  }
  return parsed.entries.map((entry, i) => ({ entry, source: fromHere(join(dirname(path), entry.file)), span: { file, line: parsed.lines[i] ?? 1, column: 1, text: '', binding: undefined } }));
}

/** A path as kernels name their files: relative to where the command runs. */
export const fromHere = (path: string): string => relative('.', resolve(path)).split(sep).join('/');

/** Says on stderr what was passed over. */
export function warn(warnings: readonly string[]): void {
  for (const text of warnings) process.stderr.write(`warning: ${text}\n`);
}
