import { type Html, trusted } from './highlight.js';

/** A kernel below the roofs: `x` in flops per byte, `y` in the unit of the roofs; `low` and `high` where it was measured. */
export interface RooflinePoint { readonly x: number; readonly y: number; readonly label: string; readonly low?: number; readonly high?: number }
/** `slope`: of the memory's roof, in the unit of `peaks` per flop per byte. */
export interface Roofline { readonly slope: number; readonly peaks: readonly { readonly value: number; readonly label: string }[]; readonly yLabel: string; readonly points: readonly RooflinePoint[] }

/** A number in two digits. */
export const short = (x: number): string => String(Number(x.toPrecision(2)));

/** What stands below the points: one label for those that lie side by side. */
function labelsOf(points: readonly RooflinePoint[]): readonly RooflinePoint[] {
  const groups: RooflinePoint[][] = [];
  for (const p of [...points].sort((a, b) => a.x - b.x)) {
    const last = groups.at(-1);
    if (last !== undefined && p.x < 2.2 * (last.at(-1)?.x ?? 0)) last.push(p);
    else groups.push([p]);
  }
  return groups.map((g): RooflinePoint => {
    const names = [...new Set(g.map((p) => p.label))];
    return { x: Math.sqrt((g[0]?.x ?? 1) * (g.at(-1)?.x ?? 1)), y: Math.min(...g.map((p) => p.low ?? p.y)), label: names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', ') };
  });
}

/** The roofs of a machine and a kernel below them, both axes logarithmic. */
export async function rooflineSvg({ slope, peaks, yLabel, points }: Roofline): Promise<Html> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const highest = Math.max(...peaks.map((p) => p.value));
  const xs = points.map((p) => p.x);
  const [from, to] = [Math.min(0.1, ...xs.map((x) => x / 3)), Math.max((highest / slope) * 10, ...xs.map((x) => x * 3))];
  const bottom = Math.min(from * slope, ...points.map((p) => (p.low ?? p.y) / 3));
  const roof = (peak: number) => [{ x: from, y: Math.min(peak, from * slope) }, { x: peak / slope, y: peak }, { x: to, y: peak }];
  const spread = points.filter((p) => p.low !== undefined);
  const svg = Plot.plot({
    document, width: 620, height: 330, marginLeft: 56, marginBottom: 42, marginRight: 20,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', color: 'currentColor' },
    x: { type: 'log', domain: [from, to], label: 'flop per byte of memory →', tickFormat: short, ticks: 6 },
    y: { type: 'log', domain: [bottom, highest * 3], label: yLabel, tickFormat: short, ticks: 6 },
    marks: [
      Plot.gridX({ strokeOpacity: 0.08, ticks: 6 }), Plot.gridY({ strokeOpacity: 0.08, ticks: 6 }),
      ...peaks.map(({ value }, i) => Plot.line(roof(value), { x: 'x', y: 'y', stroke: 'currentColor', strokeOpacity: i === 0 ? 0.85 : 0.45, strokeWidth: 1.6, ...(i === 0 ? {} : { strokeDasharray: '4 3' }) })),
      Plot.text(peaks, { x: () => to, y: 'value', text: 'label', textAnchor: 'end', dy: -8, fill: 'currentColor' }),
      Plot.text([{ x: from * 2, y: from * 2 * slope }], { x: 'x', y: 'y', text: () => 'memory', textAnchor: 'start', dx: 10, dy: 4, fill: 'currentColor' }),
      Plot.ruleX(points, { x: 'x', y1: () => bottom, y2: 'y', stroke: 'var(--accent)', strokeOpacity: 0.35, strokeDasharray: '2 3' }),
      Plot.ruleX(spread, { x: 'x', y1: 'low', y2: 'high', stroke: 'var(--accent)', strokeWidth: 3, strokeOpacity: 0.5 }),
      Plot.dot(points, { x: 'x', y: 'y', r: 5, fill: 'var(--accent)', title: (p: RooflinePoint) => `${p.label}: ${short(p.x)} flop per byte` }),
      Plot.text(labelsOf(points), { x: 'x', y: 'y', text: 'label', dy: 17, fill: 'var(--accent)', stroke: 'var(--ground)', strokeWidth: 4, paintOrder: 'stroke' }),
    ],
  });
  return trusted(svg.outerHTML);
}
