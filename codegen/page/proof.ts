import { html } from 'hono/html';
import type { Certificate, ClosureBlock } from '../../dsl/certificate.js';
import type { Monoid } from '../../dsl/expr.js';
import { type Scalar, scalarChildren } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import type { Proof } from '../explain.js';
import { certificateHash, namesOf } from '../stream/certificateText.js';
import { highlighted, type Html } from './highlight.js';
import type { Links } from './links.js';
import { formula, identifier, inlineFormula, mathOf, number } from './mathml.js';

/** A derived loop and its certificate as a mathematician reads it: what is summed relative to what, how it moves, that it is right. */
export function proofSection({ loop, checked }: Proof, links: Links): Html {
  const c = loop.certificate;
  const names = namesOf(c);
  const axis = html`<mi>${c.axis}</mi>`;
  const notation: Notation = { atoms: names.atoms.map((n) => identifier(n, axis)), old: names.old.map((n) => identifier(n)), moved: names.moved.map((n) => identifier(n)), axis };
  const last = [...c.references.map((r) => r.name), ...loop.states.map((s) => s.carry.name)].map((n) => identifier(n));
  return html`<article class="proof">
<h3>One walk over <code>${c.axis}</code> carries ${list(loop.references.map((r) => r.carry.name).concat(loop.states.map((s) => s.carry.name)))} <span class="muted">certificate ${certificateHash(loop)}</span></h3>
<div class="parts">
<section><h4>Data per position</h4>${c.atoms.map((a, i) => atom(a, names.atoms[i] ?? '', notation.atoms[i] ?? html``, links))}</section>
${c.references.length === 0 ? '' : html`<section><h4>Reference</h4>${c.references.map((r) => referenceText(r, notation))}</section>`}
<section><h4>What is accumulated</h4>${c.blocks.map((b) => states(b, notation))}</section>
${c.references.length === 0 ? '' : html`<section${c.blocks.some((b) => b.basis.length > 2) ? html` class="wide"` : ''}><h4>What ${inlineFormula(commas(notation.old), html`<mo>→</mo>`, commas(notation.moved))} makes of it</h4>${c.blocks.map((b) => transport(b, notation))}</section>`}
<section${c.epilogue.some((e) => lengthOf(e) > 16) ? html` class="wide"` : ''}><h4>Results, from the last values</h4>${c.epilogue.map((e) => formula(mathOf(e, last)))}${c.epilogue.some((e) => readsBeyond(e, last.length)) ? html`<p class="muted">${inlineFormula(identifier('x0'))}, … are what else a result reads.</p>` : ''}</section>
<section><h4>Checked just now, by a checker that knows only this certificate</h4>${checks(c, checked)}</section>
</div></article>`;
}

/** How many signs a formula has, about. */
const lengthOf = (s: Scalar): number => scalarChildren(s).reduce((n, c) => n + lengthOf(c), 1);
const readsBeyond = (s: Scalar, known: number): boolean => (s.kind === 'arg' ? s.index >= known : scalarChildren(s).some((c) => readsBeyond(c, known)));

/** The certificate's names in notation; `atoms` at a position of the axis. */
interface Notation { readonly atoms: readonly Html[]; readonly old: readonly Html[]; readonly moved: readonly Html[]; readonly axis: Html }

function atom(a: Span, name: string, shown: Html, links: Links): Html {
  const text = a.text === '' ? (a.binding ?? '') : a.text;
  const isParameter = text.startsWith(`${name}:`);
  return html`<p class="atom">${inlineFormula(shown, isParameter || text === name ? html`` : html`<mo>=</mo>`)} <code data-k="${links.keyOf(a) ?? ''}">${highlighted(text, 'typescript')}</code> <span class="muted">line ${a.line}</span></p>`;
}

const list = (names: readonly string[]): Html => html`${names.map((n, i) => html`${i === 0 ? '' : ', '}<code>${n}</code>`)}`;

function referenceText(r: Certificate['references'][number], { atoms, axis }: Notation): Html {
  const origin = r.origin === 'author' ? 'written by the author' : 'introduced by the compiler';
  return html`${formula(identifier(r.name), html`<mo>=</mo><munder><mi>${r.rule}</mi>${axis}</munder><mspace width="0.2em"/>`, atoms[r.atom] ?? html``)}<p class="muted">${origin}; starts at ${inlineFormula(number(r.start))}${r.rule === 'max' ? html`; no exponent exceeds ${inlineFormula(number(r.slack))}` : ''}</p>`;
}

const bigOperator: Readonly<Record<Monoid, Html>> = { sum: html`<mo>∑</mo>`, max: html`<mi>max</mi>`, min: html`<mi>min</mi>`, topk: html`<mi>topk</mi>` };

/** The accumulators of a block by their names; one that the loop does not carry stands under its index. */
function states(b: ClosureBlock, { atoms, old, axis }: Notation): Html {
  const own = b.name.split(' ');
  return html`${b.basis.map((phi, i) => formula(identifier(own[i] ?? `φ${i + 1}`), html`<mo>=</mo><munder>${bigOperator[b.monoid]}${axis}</munder><mspace width="0.2em"/>`, mathOf(phi, [...atoms, ...old], 6)))}`;
}

function transport(b: ClosureBlock, { atoms, old, moved }: Notation): Html {
  const own = b.name.split(' ');
  const entry = (t: Scalar, level = 0): Html => mathOf(t, [...atoms, ...old, ...moved], level);
  const single = b.basis.length === 1 ? b.transport[0]?.[0] : undefined;
  const column = (primes: string): Html => (single === undefined ? matrix(own.map((n) => [identifier(`${n}${primes}`)])) : identifier(`${b.name}${primes}`));
  return formula(column('′'), html`<mo>=</mo>`, single === undefined ? matrix(b.transport.map((row) => row.map((t) => entry(t)))) : html`${entry(single, 6)}<mo>·</mo>`, column(''));
}

const commas = (names: readonly Html[]): Html => html`${names.map((n, i) => html`${i === 0 ? '' : html`<mo>,</mo>`}${n}`)}`;
const matrix = (rows: readonly (readonly Html[])[]): Html => html`<mtable class="matrix">${rows.map((cells) => html`<mtr>${cells.map((cell) => html`<mtd>${cell}</mtd>`)}</mtr>`)}</mtable>`;

const t = (from: string, to: string): Html => html`<mi>T</mi><mo>(</mo>${identifier(from)}<mo>→</mo>${identifier(to)}<mo>)</mo>`;

/** What the independent checker tried, and the worst it found. */
function checks(c: Certificate, v: Proof['checked']): Html {
  const moved = c.references.length > 0;
  const row = (what: Html, found: Html | string): Html => html`<tr><th scope="row"><span class="tick" aria-label="holds">✓</span>${what}</th><td>${found}</td></tr>`;
  const worst = (x: number): string => (x === 0 ? 'exact' : `worst relative error ${x.toExponential(0)}`);
  return html`<table class="checks"><tbody>
${moved ? row(html`Transport: ${inlineFormula(html`<mi>φ</mi><mo>(</mo><mi>a</mi><mo>;</mo>${identifier('r′')}<mo>)</mo><mo>=</mo>`, t('r', 'r′'), html`<mo>·</mo><mi>φ</mi><mo>(</mo><mi>a</mi><mo>;</mo><mi>r</mi><mo>)</mo>`)}`, worst(v.transport)) : ''}
${moved ? row(html`Composition: ${inlineFormula(t('r', 'r″'), html`<mo>=</mo>`, t('r′', 'r″'), html`<mo>·</mo>`, t('r', 'r′'))}`, worst(v.composition)) : ''}
${row(html`Monoid: every entry of ${inlineFormula(html`<mi>T</mi>`)} distributes over ${list([...new Set(c.blocks.map((b) => b.monoid))])}`, 'holds')}
${row(html`Range: no exponent exceeds its bound`, 'holds')}
${row(html`Source and loop agree under ${v.partitions} random partitions of <code>${c.axis}</code>`, worst(v.agreement))}
</tbody></table>`;
}
