import { z } from 'zod';
import type { TargetName } from '../../dsl/manifest.js';
import type { ScheduleChoice } from './schedule.js';

/** What the file is called that lies beside kernels. */
export const tableName = 'warpfold.schedules.json';

const count = z.int().positive();
const lengths = z.record(z.string(), count);
const schedule = z.strictObject({
  block: lengths, warps: count.max(32), stages: count.max(8), blocksPerProcessor: count.max(32), order: z.enum(['natural', 'longestFirst', 'grouped', 'resident']),
}) satisfies z.ZodType<ScheduleChoice>;
const measured = z.strictObject({ device: z.string(), date: z.iso.date(), sizes: lengths, ms: z.number().positive(), modelMs: z.number().positive() });
const entry = z.strictObject({
  file: z.string(), kernel: z.string(), variant: z.string(), launch: z.string(),
  target: z.enum(['cpu', 'sm_80', 'sm_90a']) satisfies z.ZodType<TargetName>, graph: z.string(), schedule, measured,
}) satisfies z.ZodType<TableEntry>;
const table = z.strictObject({ version: z.literal(1), schedules: z.array(entry) });

/**
 * A schedule that was measured: of one compiled function of a kernel for one target. A function made for few rows has a
 * name of its own, so it has an entry of its own.
 */
export interface TableEntry {
  /** The kernel's file, relative to the table. */
  readonly file: string;
  readonly kernel: string;
  readonly variant: string;
  /** The compiled function. */
  readonly launch: string;
  readonly target: TargetName;
  /** Which program it was measured on, as a hash. */
  readonly graph: string;
  readonly schedule: ScheduleChoice;
  /** On what device, at which lengths of the axes, milliseconds of a call with it (`ms`) and with the model's (`modelMs`). */
  readonly measured: { readonly device: string; readonly date: string; readonly sizes: Readonly<Record<string, number>>; readonly ms: number; readonly modelMs: number };
}

/** What is wrong with the text of a table, and where: the 1-based line. */
export interface TableMistake { readonly line: number; readonly column: number; readonly text: string; readonly message: string }
/** A table that was read, `lines` saying where each entry begins, 1-based; or the first thing that is wrong with its text. */
export type ParsedTable = { readonly entries: readonly TableEntry[]; readonly lines: readonly number[] } | { readonly mistake: TableMistake };

/** The entries of a table and the lines they begin on, or its first mistake. */
export function parseTable(text: string): ParsedTable {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // Of a text that is short or wrong from its first character on, the place is not told.
    const at = Number(/position (\d+)/.exec(String(error))?.[1] ?? (/end of JSON/.test(String(error)) ? text.length : 0));
    return { mistake: mistakeAt(text, at, `no JSON: ${error instanceof Error ? error.message : String(error)}`) };
  }
  const parsed = table.safeParse(json);
  const places = [...text.matchAll(/\{\s*"file"\s*:/g)].map((m) => m.index);
  if (parsed.success) {
    const { schedules } = parsed.data;
    const twice = schedules.findIndex((e, i) => schedules.findIndex((o) => o.launch === e.launch && o.target === e.target && o.file === e.file) < i);
    if (twice >= 0) return { mistake: mistakeAt(text, places[twice] ?? 0, `a second schedule of \`${schedules[twice]?.launch}\` for ${schedules[twice]?.target}; remove one of them`) };
    return { entries: schedules, lines: schedules.map((_, i) => lineOf(text, places[i] ?? 0)) };
  }
  const [issue] = parsed.error.issues;
  const [, index, ...path] = issue?.path ?? [];
  const place = typeof index === 'number' ? places[index] ?? 0 : 0;
  // The last name of the path, where the entry has it, is nearer than the entry.
  const name = path.findLast((p) => typeof p === 'string');
  const inside = name === undefined ? -1 : text.indexOf(`"${name}"`, place);
  return { mistake: mistakeAt(text, inside >= 0 ? inside : place, `${issue?.path.join('.') || 'the table'}: ${issue?.message ?? 'not a table'}`) };
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

function mistakeAt(text: string, at: number, message: string): TableMistake {
  const column = at - (text.lastIndexOf('\n', at - 1) + 1) + 1;
  return { line: lineOf(text, at), column, text: /\S*/.exec(text.slice(at))?.[0] ?? '', message };
}

/** A table as text, three lines an entry: entries in the order of their files and launches, whatever order they came in. */
export function tableText(entries: readonly TableEntry[]): string {
  const key = (e: TableEntry): string => [e.file, e.kernel, e.target, e.launch].join('\0');
  const texts = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)).map(({ file, kernel, variant, launch, target, graph, schedule: s, measured: m }) => {
    const { block, warps, stages, blocksPerProcessor, order } = s;
    const { device, date, sizes, ms, modelMs } = m;
    const which = spaced({ file, kernel, variant, launch, target, graph }).slice(0, -2);
    return `    ${which},\n      "schedule": ${spaced({ block, warps, stages, blocksPerProcessor, order })},\n      "measured": ${spaced({ device, date, sizes, ms, modelMs })} }`;
  });
  return `{\n  "version": 1,\n  "schedules": [${texts.length === 0 ? '' : `\n${texts.join(',\n')}\n  `}]\n}\n`;
}

/** JSON in one line, as people write it. */
function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const all = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${spaced(v)}`);
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

/** The entries with these in the place of those of the same launches. */
export const withEntries = (entries: readonly TableEntry[], found: readonly TableEntry[]): readonly TableEntry[] =>
  [...entries.filter((e) => !found.some((f) => f.file === e.file && f.launch === e.launch && f.target === e.target)), ...found];

/** A schedule in one line: block sizes first. What has no meaning for cores is left out there. */
export function choiceText({ block, warps, stages, blocksPerProcessor, order }: ScheduleChoice, target: TargetName): string {
  const blocks = Object.entries(block).map(([axis, n]) => `${axis} ${n}`).join(' ');
  const onWarps = target === 'cpu' ? [] : [`${warps} warps`, `${stages} stages`, ...(blocksPerProcessor > 1 ? [`${blocksPerProcessor} per processor`] : [])];
  return [blocks, ...onWarps, ...(order === 'natural' ? [] : [order])].filter((t) => t !== '').join(', ');
}
