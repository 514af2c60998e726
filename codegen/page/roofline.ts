import { html } from 'hono/html';
import type { Axis } from '../../dsl/expr.js';
import type { SizeBound } from '../../dsl/manifest.js';
import { type CompiledVariant, costAt } from '../compile.js';
import { busyOf, costOf, lengthsText, shortQuantity } from '../graph/cost.js';
import type { Html } from './highlight.js';
import { rooflineSvg, short } from './rooflineSvg.js';

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

/** What the model expects to limit a variant at a few sizes, and what was measured of it where something was. */
export async function rooflineSection(v: CompiledVariant, measured: Measured | undefined): Promise<Html> {
  return html`<div class="roofs"><div>${await predictedPart(v)}</div><div>${measured === undefined ? html`<p class="muted">Nothing measured is shown. <code>warpfold bench FILE --json bench.json</code> times the kernel and its device; <code>--bench bench.json</code> then puts it here.</p>` : await measuredPart(measured)}</div></div>`;
}

async function predictedPart(v: CompiledVariant): Promise<Html> {
  const all = lengths.map((n) => placedAt(v, n));
  const points = all.filter((p, i) => all.findIndex((o) => o.sizes === p.sizes) === i);
  const { halves, whole } = v.target.machine;
  const peaks = halves === whole ? [{ value: whole, label: `arithmetic: ${whole}` }] : [{ value: halves, label: `16-bit products: ${halves}` }, { value: whole, label: `all else: ${whole}` }];
  const svg = await rooflineSvg({ slope: 1, peaks, yLabel: '↑ flop in the time of one byte', points: points.map((p) => ({ x: p.intensity, y: p.rate, label: p.length === 0 ? 'fixed sizes' : p.length.toLocaleString('en-US') })) });
  return html`<h3>Predicted</h3><figure class="roofline"><div class="wide">${svg}</div><figcaption>Not measured: the roofs are what the schedule model takes ${v.target.name} for, ${whole} operations${halves === whole ? '' : html`, or ${halves} on 16-bit operands of products,`} in the time of one byte of memory. Every parameter is read and every result written once, unmasked.</figcaption></figure>
<div class="wide"><table><thead><tr><th>Sizes</th><th class="num">Work</th><th class="num">Memory</th><th class="num">Flop per byte</th><th>Bound by</th></tr></thead><tbody>${points.map((p) => html`<tr><td>${p.sizes === '' ? 'fixed' : p.sizes}</td><td class="num">${shortQuantity(p.flops, 'flop')}</td><td class="num">${shortQuantity(p.bytes, 'B')}</td><td class="num">${short(p.intensity)}</td><td>${p.bound}</td></tr>`)}</tbody></table></div>`;
}

/** Of a kernel's variant: what `warpfold bench` measured, and what its device did at best in the same run, per second. */
export interface Measured {
  readonly device: string;
  readonly date: string;
  readonly rates: { readonly whole: number; readonly halves: number; readonly memory: number };
  readonly rows: readonly MeasuredRow[];
}
/** `seconds` of a call; `work` of it in operations and bytes; `bound`: the least that its device could take. */
export interface MeasuredRow {
  readonly sizes: Readonly<Record<Axis, number>>;
  readonly seconds: { readonly median: number; readonly p10: number; readonly p90: number };
  readonly work: { readonly halves: number; readonly products: number; readonly elements: number; readonly bytes: number };
  readonly bound: { readonly kind: string; readonly seconds: number };
}

const flopsOf = ({ work }: MeasuredRow): number => work.halves + work.products + work.elements;

async function measuredPart({ device, date, rates, rows }: Measured): Promise<Html> {
  const giga = 1e9;
  const shown = (x: number): string => shortQuantity(x, 'flop/s');
  const peaks = rates.halves === rates.whole ? [{ value: rates.whole / giga, label: `arithmetic: ${shown(rates.whole)}` }] : [{ value: rates.halves / giga, label: `16-bit products: ${shown(rates.halves)}` }, { value: rates.whole / giga, label: `all else: ${shown(rates.whole)}` }];
  const svg = await rooflineSvg({
    slope: rates.memory / giga, peaks, yLabel: '↑ Gflop/s',
    points: rows.map((r) => ({ x: flopsOf(r) / r.work.bytes, y: flopsOf(r) / r.seconds.median / giga, low: flopsOf(r) / r.seconds.p90 / giga, high: flopsOf(r) / r.seconds.p10 / giga, label: 'measured' })),
  });
  return html`<h3>Measured on ${device}</h3><figure class="roofline"><div class="wide">${svg}</div><figcaption>Medians, from the 10th to the 90th percentile, of ${date.slice(0, 10)}. The roofs are what the device did at best in the same run; the memory's is ${shortQuantity(rates.memory, 'B/s')}. What a mask leaves out is not counted as work.</figcaption></figure>
<div class="wide"><table><thead><tr><th>Sizes</th><th class="num">Median</th><th class="num">p10 – p90</th><th class="num">Rate</th><th class="num">Flop per byte</th><th>Bound by</th><th class="num">Of that bound</th></tr></thead><tbody>${rows.map((r) => html`<tr><td>${Object.entries(r.sizes).map(([a, n]) => `${a} ${n}`).join(', ')}</td><td class="num">${time(r.seconds.median)}</td><td class="num">${time(r.seconds.p10)} – ${time(r.seconds.p90)}</td><td class="num">${shown(flopsOf(r) / r.seconds.median)}</td><td class="num">${short(flopsOf(r) / r.work.bytes)}</td><td>${r.bound.kind}</td><td class="num">${Math.round((100 * r.bound.seconds) / r.seconds.median)} %</td></tr>`)}</tbody></table></div>`;
}

/** `3.2 ms`. */
function time(seconds: number): string {
  const [unit, scale] = seconds >= 1 ? ['s', 1] as const : seconds >= 1e-3 ? ['ms', 1e3] as const : ['µs', 1e6] as const;
  return `${Number((seconds * scale).toPrecision(3))} ${unit}`;
}
