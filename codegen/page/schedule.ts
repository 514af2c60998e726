import { html } from 'hono/html';
import { type Explanation, type FusionNote, nothingToStream } from '../explain.js';
import type { CompiledLaunch } from '../compile.js';
import { resourceCells, resourceHeads, type LaunchResources } from '../resources.js';
import type { Html } from './highlight.js';
import type { Links } from './links.js';

/** How each launch is cut up, and the reason of each size. */
export function scheduleSection({ compiled }: Explanation): Html {
  const { launches, target, scratch } = compiled;
  return html`${launches.map((l, i) => html`${launches.length > 1 ? html`<h3>Launch ${i + 1} of ${launches.length}: <code>${l.kernel.name}</code></h3>` : ''}${launchTable(l)}`)}
${scratch.length === 0 ? '' : html`<p class="muted">Between launches: ${scratch.map((s, i) => html`${i === 0 ? '' : ', '}<code>${s.name}: ${s.dtype}[${s.order.join(', ')}]</code>`)}, in scratch memory.</p>`}
${target.blockOf === 'caches' ? html`<p class="muted">One thread runs a block; its tiles, ${kibibytes(Math.max(0, ...launches.map((l) => target.tileBytes(l.kernel))))} of ${kibibytes(target.tileLimit)}, are meant to stay in its caches.</p>` : ''}`;
}

function launchTable({ kernel, reasons }: CompiledLaunch): Html {
  const grid = kernel.grid.map((g) => `${g.axis} by ${g.block}`).join(', ');
  const rows = reasons.map((r) => /^(\S+) (\d+): (.*)$/s.exec(r) ?? r);
  return html`<div class="wide"><table class="schedule"><thead><tr><th>Grid</th><th colspan="2">${grid === '' ? 'one block' : grid}</th></tr></thead><tbody>${rows.map((m) => (typeof m === 'string' ? html`<tr><td></td><td></td><td>${m}</td></tr>` : html`<tr><td><code>${m[1]}</code></td><td class="num">${m[2]}</td><td>${m[3]}</td></tr>`))}</tbody></table></div>`;
}

const kibibytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;

/** What the launches take of a multiprocessor where ptxas has said so; else how to have it said. */
export function resourcesSection(resources: readonly LaunchResources[] | undefined, how: string): Html {
  if (resources === undefined || resources.length === 0) return html`<p class="muted">${how}</p>`;
  return html`<div class="wide"><table><thead><tr><th>Function</th><th>Architecture</th>${resourceHeads.map((h) => html`<th class="num">${h}</th>`)}</tr></thead><tbody>${resources.map((r) => html`<tr><td><code>${r.symbol}</code></td><td>${r.arch}</td>${resourceCells(r).map((c) => html`<td class="num">${c}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** What became part of its reader, what did not, and why. */
export function fusionSection({ fusions, file }: Explanation, links: Links): Html {
  if (fusions.length === 0) return html`<p class="muted">No element-wise code.</p>`;
  const row = (f: FusionNote): Html => html`<tr data-k="${links.keyOf({ file, line: f.line, column: 1, text: '', binding: undefined }) ?? ''}"><td class="num">${f.line}</td><td><code>${f.name}</code></td><td>${f.inlined ? 'fused into its reader' : html`<strong>a tile of its own</strong>`}</td><td>${f.because}</td></tr>`;
  return html`<div class="wide"><table><thead><tr><th class="num">Line</th><th>Element-wise code</th><th>Becomes</th><th>Because</th></tr></thead><tbody>${fusions.map(row)}</tbody></table></div>`;
}

/** How sums per key over rows are made, with what each way costs; or that nothing streams. */
export function plansSection({ proofs, plans }: Explanation): Html {
  if (proofs.length === 0) return html`<p>${nothingToStream[0]?.toUpperCase()}${nothingToStream.slice(1)}.</p>`;
  return html`${plans.map((c) => html`<p><strong>Plan ${c.plan}</strong> for the sums over <code>${c.rows.join(' ')}</code> per <code>${c.keys}</code> (line ${c.span.line}): ${c.because}</p>`)}`;
}
