import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { SearchResult } from './search.js';

interface Titled { readonly title: string; readonly result: SearchResult }

/** Every measured schedule as a point at its time beside the model's, with the tenth and the ninetieth of a hundred; one panel for each launch. */
export async function tunedSvg(searched: readonly Titled[]): Promise<string> {
  const points = searched.flatMap(({ title, result }) => result.schedules.filter((s) => s.row.failed === undefined).map((s, i) => ({
    title, rank: i + 1, ratio: s.row.ratio.median, low: s.row.ratio.p10, high: s.row.ratio.p90, estimated: s.predicted,
    what: s === result.winner ? 'best' : s.isModel ? 'model' : s.isIncumbent ? 'in the table' : 'tried',
  })));
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({
    document, width: 800, height: 120 + 240 * searched.length, marginLeft: 60, style: { background: 'white' },
    x: { label: 'rank' }, y: { label: 'time over that of the model\'s schedule', grid: true, zero: false }, fy: { label: null },
    color: { legend: false, domain: ['best', 'model', 'in the table', 'tried'], range: ['#0a7d33', '#b3261e', '#b26a00', '#5b6b7b'] },
    marks: [
      Plot.ruleY([1], { stroke: '#b3261e', strokeDasharray: '4 3' }),
      Plot.ruleX(points, { x: 'rank', y1: 'low', y2: 'high', fy: 'title', stroke: 'what', strokeWidth: 2 }),
      Plot.dot(points, { x: 'rank', y: 'ratio', fy: 'title', fill: 'what', r: 4 }),
      Plot.text(points.filter((p) => p.what !== 'tried'), { x: 'rank', y: 'ratio', fy: 'title', text: 'what', dx: 8, textAnchor: 'start', fill: 'what' }),
    ],
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n${chart.outerHTML.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')}\n`;
}
