import { html } from 'hono/html';
import type { KernelDef } from '../../dsl/definition.js';
import { printedLines } from '../../dsl/print.js';
import type { Span } from '../../dsl/span.js';
import { highlighted, type Html, type Language } from './highlight.js';
import type { LinkKey, Links } from './links.js';

/** A line of a column and the source line that it belongs to, where there is one. */
export interface ColumnLine { readonly text: string; readonly span: Span | undefined }
/** A listing beside others; lines of the same source line light up together. `label` is read out. */
export interface Listing { readonly label: string; readonly language: Language; readonly lines: readonly ColumnLine[] }

/** A listing as a list of lines, of which those with a place can be chosen. */
export function listing({ label, language, lines }: Listing, links: Links): Html {
  return html`<div class="listing"><div class="lines" role="listbox" tabindex="0" aria-label="${label}">${lines.map((l, i) => lineOf(l, i + 1, links.keyOf(l.span), language))}</div><div class="ruler" aria-hidden="true"></div></div>`;
}

const lineOf = ({ text }: ColumnLine, n: number, key: LinkKey | undefined, language: Language): Html => {
  const depth = text.length - text.trimStart().length;
  const shown = html`<code style="--in:${depth}ch">${highlighted(text.trimStart(), language)}</code>`;
  return key === undefined
    ? html`<div class="ln" data-n="${n}">${shown}</div>`
    : html`<div class="ln" data-n="${n}" data-k="${key}" role="option" aria-selected="false">${shown}</div>`;
};

/** A kernel's graph, its parameters on lines of their own: each has its place in the source. */
export function graphListing(label: string, def: KernelDef): Listing {
  const params = def.params.map((p): ColumnLine => ({ text: `  ${p.name}: ${p.dtype}[${p.order.join(', ')}]`, span: p.span }));
  const name = `kernel ${def.name}${def.variant === '' ? '' : `<${def.variant}>`}`;
  return { label, language: 'graph', lines: [{ text: name, span: def.span }, ...params, ...printedLines(def).slice(1)] };
}

/** An author's file, each line with its own place; only those that something came from can be chosen. */
export function sourceListing(file: string, text: string, places: ReadonlySet<string>): Listing {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return {
    label: file, language: 'typescript',
    lines: lines.map((line, i) => ({ text: line, span: places.has(`${file}:${i + 1}`) ? { file, line: i + 1, column: 1, text: '', binding: undefined } : undefined })),
  };
}
