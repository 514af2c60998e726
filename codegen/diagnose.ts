import type { Diagnostic } from '../dsl/diagnostic.js';

/** The text of one line (1-based) of a file as spans name it, or undefined when there is none. */
export type ReadLine = (file: string, line: number) => string | undefined;

/**
 * A diagnostic as the command line prints it: place, code and sentence, the source line with carets under what is meant,
 * then the notes. Without a source line (a value made by a pass) the frame is left out.
 */
export function formatDiagnostic(d: Diagnostic, readLine: ReadLine): string {
  const { file, line, column } = d.span;
  const head = `${file}:${line}:${column}  ${d.code.startsWith('W') ? 'warning' : 'error'} ${d.code}: ${d.message}`;
  return [head, ...frame(d, readLine(file, line)), ...d.notes.map((n) => `note: ${n}`)].join('\n');
}

function frame(d: Diagnostic, source: string | undefined): readonly string[] {
  if (source === undefined) return [];
  const gutter = String(d.span.line).padStart(4);
  // Tabs are one column in a span: printed as one space, so that the carets stand under their text.
  const text = source.replaceAll('\t', ' ').trimEnd();
  const before = d.span.column - 1;
  const carets = Math.max(1, Math.min(d.span.text.replace(/…$/, '').length, text.length - before));
  return [`${gutter} | ${text}`, `${' '.repeat(gutter.length)} | ${' '.repeat(before)}${'^'.repeat(carets)}`];
}
