import type { Span } from '../../dsl/span.js';
import { isPlace } from '../provenance.js';

/** What ties lines of all columns together: the number of a source file and a line of it. */
export type LinkKey = `${number}:${number}`;

/** The author's files that a kernel is made of, the kernel's own first. */
export interface Links { readonly files: readonly string[]; readonly keyOf: (span: Span | undefined) => LinkKey | undefined }

/** Links into the files of these spans. */
export function linksTo(own: string, spans: readonly (Span | undefined)[]): Links {
  const files = [...new Set([own, ...spans.filter(isPlace).map((s) => s.file)])];
  return { files, keyOf: (span) => (isPlace(span) ? `${files.indexOf(span.file)}:${span.line}` : undefined) };
}
