import { html } from 'hono/html';
import type { Axis } from '../../dsl/expr.js';
import type { SizeBound } from '../../dsl/manifest.js';
import { type CompiledVariant, costAt } from '../compile.js';
import { busyOf, costOf, lengthsText, shortQuantity } from '../graph/cost.js';
import { type Html, trusted } from './highlight.js';

/** Lengths of long axes at which a kernel is placed under the roof. */
const lengths: readonly number[] = [128, 1024, 8192];

/** A kernel at assumed sizes: `intensity` in flops per byte of memory it must move, `rate` in flops while the machine moves one byte. `length`: of its long axes. */
interface Placed { readonly sizes: string; readonly length: number; readonly flops: number; readonly bytes: number; readonly intensity: number; readonly rate: number; readonly bound: 'arithmetic' | 'memory' }

function placedAt(v: CompiledVariant, length: number): Placed {
  const assumed = served(costAt(v, length).lengths, v.serves);
  const cost = costOf(v.def, (axis) => assumed[axis] ?? 1);
  const busy = busyOf(v.def, cost, v.target.machine);
  const bytes = Math.max(1, cost.bytes);
  return { sizes: lengthsText(cost), length: Math.max(0, ...Object.values(assumed)), flops: cost.flops, bytes, intensity: cost.flops / bytes, rate: cost.flops / Math.max(bytes, busy), bound: busy > bytes ? 'arithmetic' : 'memory' };
}

/** Lengths that a variant for few rows serves: each axis of a bound takes what those before it leave. */
function served(lengths: Readonly<Record<Axis, number>>, serves: readonly SizeBound[] = []): Readonly<Record<Axis, number>> {
  const capped: Record<Axis, number> = { ...lengths };
  for (const { axes, atMost } of serves) {
    let left = atMost;
    for (const axis of axes) {
      const own = capped[axis];
      if (own === undefined) continue;
      capped[axis] = Math.max(1, Math.min(own, left));
      left = Math.floor(left / (capped[axis] ?? 1));
    }
  }
  return capped;
}

/** What the model expects to limit a variant at a few sizes, as a picture under the machine's roofs and as a table. */
export async function rooflineSection(v: CompiledVariant): Promise<Html> {
  const all = lengths.map((n) => placedAt(v, n));
  const points = all.filter((p, i) => all.findIndex((o) => o.sizes === p.sizes) === i);
  const { halves, whole } = v.target.machine;
  return html`<figure class="roofline"><div class="wide">${trusted(await picture(points, v))}</div><figcaption>Predicted, not measured: the roofs are what the schedule model takes ${v.target.name} for, ${whole} operations${halves === whole ? '' : html`, or ${halves} on 16-bit operands of products,`} in the time of one byte of memory. Every parameter is read and every result written once, unmasked.</figcaption></figure>
<div class="wide"><table><thead><tr><th>Sizes</th><th class="num">Work</th><th class="num">Memory</th><th class="num">Flop per byte</th><th>Bound by</th></tr></thead><tbody>${points.map((p) => html`<tr><td>${p.sizes === '' ? 'fixed' : p.sizes}</td><td class="num">${shortQuantity(p.flops, 'flop')}</td><td class="num">${shortQuantity(p.bytes, 'B')}</td><td class="num">${short(p.intensity)}</td><td>${p.bound}</td></tr>`)}</tbody></table></div>`;
}

const short = (x: number): string => String(Number(x.toPrecision(2)));

/** What stands below the points: one label for those that lie side by side. */
function labelsOf(points: readonly Placed[]): readonly { readonly x: number; readonly y: number; readonly text: string }[] {
  const groups: Placed[][] = [];
  for (const p of [...points].sort((a, b) => a.intensity - b.intensity)) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && p.intensity < 2.2 * (last.at(-1)?.intensity ?? 0)) last.push(p);
    else groups.push([p]);
  }
  return groups.map((g) => {
    const names = [...new Set(g.map((p) => p.length).sort((a, b) => a - b))].map((n) => (n === 0 ? 'fixed sizes' : n.toLocaleString('en-US')));
    return { x: Math.sqrt((g[0]?.intensity ?? 1) * (g.at(-1)?.intensity ?? 1)), y: Math.min(...g.map((p) => p.rate)), text: names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', ') };
  });
}

async function picture(points: readonly Placed[], { target: { machine } }: CompiledVariant): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const xs = points.map((p) => p.intensity);
  const [from, to] = [Math.min(0.1, ...xs.map((x) => x / 3)), Math.max(machine.halves * 10, ...xs.map((x) => x * 3))];
  const roof = (peak: number) => [{ x: from, y: Math.min(peak, from) }, { x: peak, y: peak }, { x: to, y: peak }];
  const peaks = [...new Set([machine.halves, machine.whole])];
  const svg = Plot.plot({
    document, width: 620, height: 330, marginLeft: 52, marginBottom: 42, marginRight: 20,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', color: 'currentColor' },
    x: { type: 'log', domain: [from, to], label: 'flop per byte of memory →', tickFormat: short, ticks: 6 },
    y: { type: 'log', domain: [from, machine.halves * 3], label: '↑ flop in the time of one byte', tickFormat: short, ticks: 6 },
    marks: [
      Plot.gridX({ strokeOpacity: 0.08, ticks: 6 }), Plot.gridY({ strokeOpacity: 0.08, ticks: 6 }),
      ...peaks.map((peak, i) => Plot.line(roof(peak), { x: 'x', y: 'y', stroke: 'currentColor', strokeOpacity: i === 0 ? 0.85 : 0.45, strokeWidth: 1.6, ...(i === 0 ? {} : { strokeDasharray: '4 3' }) })),
      Plot.text(peaks.map((peak) => ({ x: to, y: peak, text: peaks.length === 1 ? `arithmetic: ${peak}` : peak === machine.halves ? `16-bit products: ${peak}` : `all else: ${peak}` })), { x: 'x', y: 'y', text: 'text', textAnchor: 'end', dy: -8, fill: 'currentColor' }),
      Plot.text([{ x: from * 2, y: from * 2 }], { x: 'x', y: 'y', text: () => 'memory', textAnchor: 'start', dx: 10, dy: 4, fill: 'currentColor' }),
      Plot.ruleX(points, { x: 'intensity', y1: from, y2: 'rate', stroke: 'var(--accent)', strokeOpacity: 0.35, strokeDasharray: '2 3' }),
      Plot.dot(points, { x: 'intensity', y: 'rate', r: 5, fill: 'var(--accent)', title: (p: Placed) => `${p.sizes}: ${short(p.intensity)} flop per byte` }),
      Plot.text(labelsOf(points), { x: 'x', y: 'y', text: 'text', dy: 17, fill: 'var(--accent)', stroke: 'var(--ground)', strokeWidth: 4, paintOrder: 'stroke' }),
    ],
  });
  return svg.outerHTML;
}
