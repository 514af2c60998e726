import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { TargetName } from '../../../dsl/manifest.js';
import { choiceText } from '../../schedule/table.js';
import type { SearchResult } from './search.js';

interface Titled { readonly title: string; readonly result: SearchResult }

/** Of the time axis; names of schedules stand to its left. */
const axisWidth = 470;
const rowHeight = 22;
/** Of a letter, at the size of labels. */
const letterWidth = 5.8;
const edges = { top: 46, bottom: 40, right: 90 } as const;
const colours = { best: '#0a7d33', model: '#b3261e', 'in the table': '#b26a00', tried: '#5b6b7b' } as const;

/** Every measured schedule with its time beside the model's, from the tenth to the ninetieth of a hundred, from fast to slow; one panel for each launch. */
export function tunedSvg(searched: readonly Titled[], target: TargetName): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  let top = 0;
  const names = searched.flatMap(({ result }) => result.schedules.map((s) => choiceText(s.choice, target).length));
  const left = 24 + letterWidth * Math.max(0, ...names);
  const width = Math.ceil(left + axisWidth + edges.right);
  const panels = searched.flatMap(({ title, result }) => {
    const points = result.schedules.filter((s) => s.row.failed === undefined).map((s) => ({
      schedule: choiceText(s.choice, target), ratio: s.row.ratio.median, low: s.row.ratio.p10, high: s.row.ratio.p90,
      what: s === result.winner ? 'best' : s.isModel ? 'model' : s.isIncumbent ? 'in the table' : 'tried',
    }));
    if (points.length === 0) return [];
    const height = edges.top + edges.bottom + rowHeight * points.length;
    const chart = Plot.plot({
      document, width, height, marginTop: edges.top, marginBottom: edges.bottom, marginLeft: left, marginRight: edges.right,
      x: { label: 'time over that of the model\'s schedule', grid: true, zero: false },
      y: { label: null, domain: points.map((p) => p.schedule) },
      color: { domain: Object.keys(colours), range: Object.values(colours) },
      marks: [
        Plot.ruleX([1], { stroke: colours.model, strokeDasharray: '4 3' }),
        Plot.ruleY(points, { y: 'schedule', x1: 'low', x2: 'high', stroke: 'what', strokeWidth: 2 }),
        Plot.dot(points, { y: 'schedule', x: 'ratio', fill: 'what', r: 4 }),
        Plot.text(points.filter((p) => p.what !== 'tried'), { y: 'schedule', x: 'high', text: 'what', dx: 6, textAnchor: 'start', fill: 'what' }),
        Plot.text([title], { frameAnchor: 'top-left', dx: -left + 8, dy: -edges.top + 14, fontSize: 13, fontWeight: 'bold' }),
      ],
    });
    const y = top;
    top += height;
    return [chart.outerHTML.replace('<svg ', `<svg xmlns="http://www.w3.org/2000/svg" y="${y}" `)];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}"><rect width="100%" height="100%" fill="white"/>\n${panels.join('\n')}\n</svg>\n`;
}
