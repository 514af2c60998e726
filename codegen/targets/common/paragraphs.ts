import type { Span } from '../../../dsl/span.js';
import type { Emission } from '../../emit/emission.js';
import type { TileStmt } from '../../tile/ir.js';

/**
 * Statements in paragraphs: a line of the author's, when it is another than before (`last`), then what came of it. A load
 * says itself what it loads; the paragraph that needs it is not interrupted.
 */
export function printBody(body: readonly TileStmt[], statement: (s: TileStmt) => void, e: Emission, last?: Span): void {
  for (const s of body) {
    last = paragraph(s, e, last);
    e.out().from(s.span, () => statement(s));
  }
}

/** The comment that opens a paragraph, unless `s` belongs to the paragraph of `last`; returns the place whose paragraph is open. */
export function paragraph(s: TileStmt, e: Emission, last: Span | undefined): Span | undefined {
  if (s.kind === 'load' || s.span.line === 0 || (s.span.line === last?.line && s.span.file === last.file)) return last;
  e.out().from(s.span, () => e.line(comment(s.span)));
  return s.span;
}

function comment(span: Span): string {
  const [first = '', ...rest] = span.text.trim().split('\n');
  const name = span.binding === undefined || /^(const|return) /.test(first) ? '' : `${span.binding} = `;
  const text = `${name}${first.trim()}${rest.length > 0 ? ' …' : ''}`;
  return `// ${span.file.split('/').at(-1) ?? span.file}:${span.line}  ${text.length > 110 ? `${text.slice(0, 109)}…` : text}`;
}
