import { html } from 'hono/html';
import type { SizeBound } from '../../dsl/manifest.js';
import { type Page, pageText } from '../../dsl/page.js';
import { estimate } from '../compile.js';
import type { Explanation } from '../explain.js';
import { originsOf } from '../provenance.js';
import type { LaunchResources } from '../resources.js';
import { tileLines } from '../tile/print.js';
import { graphListing, listing, sourceListing } from './columns.js';
import { dagOf } from './dag.js';
import { dagSvg } from './dagSvg.js';
import type { Html } from './highlight.js';
import { layoutOf, type PlacedDag } from './layout.js';
import { type Links, linksTo } from './links.js';
import { proofSection } from './proof.js';
import { type Measured, rooflineSection } from './roofline.js';
import { fusionSection, plansSection, resourcesSection, scheduleSection } from './schedule.js';
import { script } from './script.js';
import { style } from './style.js';

/** What a page shows beside the compiler's own account. */
export interface PageInputs {
  /** The text of an author's file; empty where it cannot be read. */
  readonly textOf: (file: string) => string;
  /** What ptxas says of an explanation's launches; undefined where it has not been asked. */
  readonly resources: (e: Explanation) => readonly LaunchResources[] | undefined;
  /** What was measured of an explanation's variant on its target; undefined where nothing was. */
  readonly measured: (e: Explanation) => Measured | undefined;
  /** What to do to have ptxas say it. */
  readonly howToKnow: string;
}

/** A part of the page, and the views in which it is shown. */
interface Part { readonly views: readonly number[]; readonly content: Html }

const hint = 'Choose a line to see what became of it; in a listing, arrow keys move from line to line.';

/** The page of one kernel: every explanation of it is a view of its own, one at a time is shown. */
export async function kernelPage(explanations: readonly Explanation[], inputs: PageInputs): Promise<string> {
  const [first] = explanations;
  if (first === undefined) throw new Error('a page needs something to explain');
  const links = linksTo(first.file, explanations.flatMap((e) => [...e.generated.lines.map((l) => l.span), ...graphListing('', e.written).lines.map((l) => l.span)]));
  const views = explanations.map((e) => ({ variant: e.compiled.def.variant, target: e.compiled.target.name, shapes: shapesText(e.compiled.serves) }));
  const start = Math.max(0, views.findIndex((v) => v.variant === views[0]?.variant && v.shapes === 'any'));
  const shown = (parts: readonly Part[]): Html => html`${parts.map((p) => inViews(p, start))}`;
  const each = (make: (e: Explanation) => Html): Html => shown(explanations.map((e, i) => ({ views: [i], content: make(e) })));
  const byVariant = (make: (e: Explanation) => Html): Html => shown([...new Set(views.map((v) => v.variant))].map((variant) => {
    const own = views.flatMap((v, i) => (v.variant === variant ? [i] : []));
    return { views: own, content: make(explanations[own[0] ?? 0] ?? first) };
  }));
  const rooflines = await Promise.all(explanations.map(async (e, i) => ({ views: [i], content: await rooflineSection(e.compiled, inputs.measured(e)) })));

  const body = html`
<header class="top"><nav aria-label="On this page"><a href="#code">Code</a><a href="#graph">Graph</a><a href="#proof">Proof</a><a href="#schedule">Schedule</a><a href="#roofline">Roofline</a><a href="#fusion">Fusion</a></nav>${choices(views, start)}</header>
<main>
<h1>${first.kernel}</h1>
<p class="muted">From <code>${first.file}</code>, line ${first.compiled.def.span.line}. Estimated: ${estimate((explanations[start] ?? first).compiled)}.</p>
<section id="code"><h2>From the source to the code</h2>
<p id="status" role="status" data-hint="${hint}">${hint}</p>
<div class="bench">
<section class="pane source${links.files.length > 1 ? ' several' : ''}"><div class="title"><span>TypeScript</span></div>${sources(explanations, links, inputs)}</section>
<section class="pane program"><div class="title"><label>Program <select id="program"><option value="derived">tensor graph, derived</option><option value="written">tensor graph, as written</option><option value="tiles">tile program</option></select></label></div>
${byVariant((e) => html`<div data-program="derived">${listing(graphListing('tensor graph with derived loops', e.derived), links)}</div><div data-program="written" hidden>${listing(graphListing('tensor graph as written', e.written), links)}</div>`)}
${each((e) => html`<div data-program="tiles" hidden>${listing({ label: 'tile program', language: 'graph', lines: e.compiled.launches.flatMap((l) => tileLines(l.kernel)) }, links)}</div>`)}</section>
<section class="pane generated">${each((e) => html`<div class="title"><span>${e.compiled.target.name === 'cpu' ? 'C++' : 'CUDA'}</span><code>${e.generated.path}</code></div>${listing({ label: e.generated.path, language: 'cpp', lines: e.generated.lines }, links)}`)}</section>
</div></section>
<section id="graph"><h2>What is computed</h2>
<p class="legend"><span class="in">parameter, result</span><span>operation</span><span class="lo">one walk</span><span class="po">from outside, or so far</span><span class="st">carried to the next block</span></p>
${byVariant((e) => graphs(e, links))}</section>
<section id="proof"><h2>Why that is the same</h2>${byVariant((e) => html`${e.proofs.map((p) => proofSection(p, links))}`)}${each((e) => plansSection(e))}</section>
<section id="schedule"><h2>Schedule, and why</h2>${each((e) => html`${scheduleSection(e)}${e.compiled.target.name === 'cpu' ? '' : html`<h3>What it takes of a multiprocessor</h3>${resourcesSection(inputs.resources(e), inputs.howToKnow)}`}`)}</section>
<section id="roofline"><h2>What limits it</h2>${shown(rooflines)}</section>
<section id="fusion"><h2>What was fused, and what was not</h2>${each((e) => fusionSection(e, links))}</section>
</main>`;
  const page: Page = { title: `${first.kernel}, explained`, style, body: String(await body), script, data: { views, files: links.files } };
  return pageText(page);
}

const inViews = ({ views, content }: Part, start: number): Html => html`<div data-view="${views.join(' ')}"${views.includes(start) ? '' : html` hidden`}>${content}</div>`;

/** The shapes that a variant serves, `q·r ≤ 16`; `any` where it serves them all. */
const shapesText = (serves: readonly SizeBound[] = []): string => (serves.length === 0 ? 'any' : serves.map((s) => `${s.axes.join('·')} ≤ ${s.atMost.toLocaleString('en-US')}`).join(', '));

interface View { readonly variant: string; readonly target: string; readonly shapes: string }

/** One group of buttons for each thing that there is a choice of. */
function choices(views: readonly View[], start: number): Html {
  const group = (name: keyof View, legend: string): Html => {
    const values = [...new Set(views.map((v) => v[name]))].sort((a, b) => Number(b === 'any') - Number(a === 'any'));
    if (values.length < 2) return html``;
    return html`<fieldset><legend>${legend}</legend><div class="segments">${values.map((v) => html`<label><input type="radio" name="${name}" value="${v}"${v === views[start]?.[name] ? html` checked` : ''}><span>${v}</span></label>`)}</div></fieldset>`;
  };
  return html`<form id="choices" class="choices" autocomplete="off">${group('variant', 'Variant')}${group('target', 'Target')}${group('shapes', 'Shapes')}</form>`;
}

/** Room for a picture beside another one. */
const half = 640;

/** The graph as written and, where something streams, as it does: side by side where both are narrow. */
function graphs(e: Explanation, links: Links): Html {
  const written = layoutOf(dagOf(e.written, links));
  const derived = e.proofs.length === 0 ? undefined : layoutOf(dagOf(e.derived, links));
  const isWide = Math.max(written.width, derived?.width ?? 0) > half;
  const figure = (title: string, placed: PlacedDag, label: string): Html => html`<figure><h3>${title}</h3><div class="scroll">${dagSvg(placed, label)}</div></figure>`;
  return html`<div class="graphs${isWide ? ' stacked' : ''}">${figure('As written', written, `${e.kernel} as written`)}${derived === undefined ? '' : figure('As it streams', derived, `${e.kernel} with its derived loops`)}</div>`;
}

/** The author's files, the kernel's own first. */
function sources(explanations: readonly Explanation[], links: Links, inputs: PageInputs): Html {
  const places = new Set(explanations.flatMap((e) => [...originsOf(e.generated.lines).map((o) => o.span), ...graphListing('', e.written).lines.flatMap((l) => l.span ?? [])]).map((s) => `${s.file}:${s.line}`));
  const shown = links.files.map((file) => [file, inputs.textOf(file)] as const).filter(([, text]) => text !== '');
  return html`${shown.map(([file, text], i) => html`${i === 0 ? '' : html`<div class="title"><code>${file}</code></div>`}${listing(sourceListing(file, text, places), links)}`)}`;
}
