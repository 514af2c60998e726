import type { Span } from '../../dsl/span.js';

/** One line of generated text and the source it came from. */
export interface Line { readonly text: string; readonly span: Span | undefined }

/** Indented lines with provenance. Lines written inside `from` carry its span. */
export interface Writer {
  readonly line: (text: string) => void;
  /** An empty line, unless the text so far ends in one or is empty. */
  readonly gap: () => void;
  /** `head {`, the body one level deeper, then `}` and `tail`. */
  readonly block: (head: string, body: () => void, tail?: string) => void;
  /** One level deeper, without braces. */
  readonly indented: (body: () => void) => void;
  readonly from: (span: Span, body: () => void) => void;
  /** Takes over the lines of another writer at this depth. */
  readonly append: (lines: readonly Line[]) => void;
  readonly lines: () => readonly Line[];
}

const indent = '  ';

export function writer(): Writer {
  const lines: Line[] = [];
  let depth = 0;
  let span: Span | undefined;
  const put = (text: string, of: Span | undefined): void => { lines.push({ text: text === '' ? '' : indent.repeat(depth) + text, span: of }); };
  const indented = (body: () => void): void => {
    depth++;
    body();
    depth--;
  };
  return {
    line: (text) => put(text, span),
    gap: () => { if (lines.length > 0 && lines.at(-1)?.text !== '') put('', undefined); },
    block: (head, body, tail = '') => {
      put(`${head} {`, span);
      indented(body);
      put(`}${tail}`, span);
    },
    indented,
    from: (of, body) => {
      const outer = span;
      span = of;
      body();
      span = outer;
    },
    append: (more) => { for (const l of more) put(l.text, l.span ?? span); },
    lines: () => lines,
  };
}

/** The text of a file, newline-terminated. */
export const textOf = (lines: readonly Line[]): string => lines.map((l) => `${l.text}\n`).join('');
