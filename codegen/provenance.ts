import type { Span } from '../dsl/span.js';
import type { Line } from './emit/writer.js';

/** A line of an author's file and the 1-based lines of a generated file that come from it, ascending. */
export interface Origin { readonly span: Span; readonly lines: readonly number[] }
/** Lines `from` … `to`, both included. */
export type LineRange = readonly [from: number, to: number];

/** Whether a span names a line of a file. */
export const isPlace = (span: Span | undefined): span is Span => span !== undefined && span.line > 0;

/** Which generated lines come from which line of the source, in the order of the source. */
export function originsOf(generated: readonly Line[]): readonly Origin[] {
  const groups = new Map<string, { readonly span: Span; readonly lines: number[] }>();
  for (const [i, { span, text }] of generated.entries()) {
    if (!isPlace(span) || text.trim() === '') continue;
    const key = `${span.file}:${span.line}`;
    const group = groups.get(key) ?? { span, lines: [] };
    group.lines.push(i + 1);
    groups.set(key, group);
  }
  return [...groups.values()].sort(({ span: a }, { span: b }) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

/** Ascending line numbers as ranges. */
export function rangesOf(lines: readonly number[]): readonly LineRange[] {
  const found: [number, number][] = [];
  for (const n of lines) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n;
    else found.push([n, n]);
  }
  return found;
}
