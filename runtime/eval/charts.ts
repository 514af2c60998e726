import { type Figure, type LegendEntry, type Panel, seriesStyle } from './plot.js';
import type { AccuracyPoint, AnswerResult, EvalResults, PerplexityPoint } from './results.js';
import { bytesText, lengthText, percentText, secondsText, taskTitle } from './words.js';

/** A figure and the name of the file it goes to. */
export interface Chart { readonly name: string; readonly figure: Figure }

/** All pictures that a run gives: accuracy by length for each task, perplexity, time and memory by length, and depth against length. */
export function charts(results: EvalResults): readonly Chart[] {
  const { aggregates, settings } = results;
  const accuracies = aggregates.filter((a): a is AccuracyPoint & { length: number } => a.kind === 'accuracy' && a.length !== undefined);
  const perplexities = aggregates.filter((a): a is PerplexityPoint & { length: number } => a.kind === 'perplexity' && a.length !== undefined);
  const tasks = [...new Set(accuracies.map((a) => a.task))];
  const timed: readonly (Measured & { readonly length: number })[] = tasks[0] === undefined ? perplexities : accuracies.filter((a) => a.task === tasks[0]);
  const what = tasks[0] === undefined ? 'perplexity' : taskTitle(tasks[0]).toLowerCase();
  const about = (bars: string): string => `${results.model.id}, trained on ${settingsWindow(results)} tokens at a time · ${settings.cases} cases a point${bars}`;
  const onDevice = `${results.model.id} in ${results.run.dtype} · ${shortDevice(results.run.device)} · ${what}`;
  return [
    ...tasks.map((task): Chart => ({
      name: `accuracy-${task}`,
      figure: lineFigure(results, `${taskTitle(task)}: right answers by length`, about(' · bars: 95 % intervals'), accuracies.filter((a) => a.task === task).map((a) => ({ ...a, value: a.score })),
        { label: '↑ right answers', type: 'linear', domain: [0, 1], tickFormat: percentText, ticks: [0, 0.25, 0.5, 0.75, 1] }),
    })),
    ...ifAny(perplexities, (): Chart => ({
      name: 'perplexity',
      figure: lineFigure(results, `Perplexity of the last ${settings.predicted} tokens by length`, about(' · lower is better · bars: 95 % intervals'), perplexities.map((a) => ({ ...a, value: a.perplexity })),
        { label: '↑ perplexity', type: 'log', tickFormat: (n) => (mantissa(n) <= 5 ? n.toLocaleString('en-US') : '') }),
    })),
    ...ifAny(timed, (): Chart => ({
      name: 'seconds',
      figure: lineFigure(results, 'Seconds to read and answer, by length', `${onDevice} · median`, timed.map((a) => ({ ...a, value: a.seconds, low: a.seconds, high: a.seconds })),
        { label: '↑ seconds', type: 'log', tickFormat: (n) => (isPowerOf(10, n) ? secondsText(n) : '') }),
    })),
    ...ifAny(timed, (): Chart => ({
      name: 'memory',
      figure: lineFigure(results, 'Device memory at most, by length', `${onDevice} · weights included`, timed.map((a) => ({ ...a, value: a.peakBytes, low: a.peakBytes, high: a.peakBytes })),
        { label: '↑ device memory', type: 'log', base: 2, tickFormat: (n) => (Number.isInteger(Math.log2(n)) ? bytesText(n) : '') }),
    })),
    ...tasks.filter((task) => task !== 'kv' || tasks.length === 1).slice(0, 1).flatMap((task) => depthChart(results, task)),
  ];
}

const ifAny = <T>(items: readonly T[], chart: () => Chart): readonly Chart[] => (items.length === 0 ? [] : [chart()]);
const settingsWindow = ({ model }: EvalResults): string => model.window.toLocaleString('en-US');
const shortDevice = (description: string): string => description.split(/[,(]/)[0]!.trim();
const mantissa = (n: number): number => Number(n.toExponential().split('e')[0]);
const isPowerOf = (base: number, n: number): boolean => Math.abs(Math.log(n) / Math.log(base) - Math.round(Math.log(n) / Math.log(base))) < 1e-9;

type Measured = AccuracyPoint | PerplexityPoint;
interface Point { readonly method: string; readonly length: number; readonly value: number; readonly low: number; readonly high: number }
interface YScale { readonly label: string; readonly type: 'linear' | 'log'; readonly base?: number; readonly domain?: readonly [number, number]; readonly ticks?: readonly number[]; readonly tickFormat: (n: number) => string }

/** One line per method over length on a log2 axis, with bars where a value has an interval. */
function lineFigure(results: EvalResults, title: string, subtitle: string, points: readonly Point[], y: YScale): Figure {
  const methods = methodsOf(results, points);
  const { window } = results.model;
  const lengths = [...new Set(points.map((p) => p.length))];
  // Methods stand a little beside one another, or bars and marks would hide each other.
  const beside = (p: Point): number => p.length * 2 ** ((methods.findIndex((m) => m.id === p.method) - (methods.length - 1) / 2) * 0.07);
  const least = Math.min(...lengths) / 2 ** 0.35;
  const most = Math.max(...lengths) * 2 ** 0.35;
  const panel: Panel = {
    caption: '', height: 340,
    options: {
      marginLeft: 62, marginBottom: 42, marginTop: 26,
      x: { type: 'log', base: 2, domain: [least, most], ticks: lengths, tickFormat: lengthText, label: 'tokens in all →' },
      y: { grid: true, ...(y as object) },
    },
    marks: (plot) => [
      ...(window >= least && window <= most ? [plot.ruleX([window], { stroke: 'currentColor', strokeDasharray: '3,4', strokeOpacity: 0.5 }), plot.text([window], { x: (n: number) => n, frameAnchor: 'top', text: () => 'trained window', dx: 5, dy: -14, textAnchor: 'start', fillOpacity: 0.75 })] : []),
      ...methods.flatMap(({ id, color, symbol }) => {
        const own = points.filter((p) => p.method === id);
        return [
          plot.ruleX(own.filter((p) => p.low < p.high), { x: beside, y1: 'low', y2: 'high', stroke: color, strokeOpacity: 0.45, strokeWidth: 2 }),
          plot.line(own, { x: beside, y: 'value', stroke: color, strokeWidth: 2 }),
          plot.dot(own, { x: beside, y: 'value', fill: color, symbol, r: 4 }),
        ];
      }),
    ],
  };
  return { title, subtitle, legend: methods, panels: [panel] };
}

/** Legend entries of the methods that have points, in the order of the run. */
const methodsOf = ({ settings }: EvalResults, points: readonly { readonly method: string }[]): readonly (LegendEntry & { readonly id: string })[] =>
  settings.methods.map((m, i) => ({ id: m.id, name: m.title, ...seriesStyle(i) })).filter(({ id }) => points.some((p) => p.method === id));

interface Cell { readonly length: string; readonly depth: number; readonly score: number }

/** Where in the document the fact lay against length, one panel per method. */
function depthChart(results: EvalResults, task: string): readonly Chart[] {
  const cases = results.cases.filter((c): c is AnswerResult & { depth: number; length: number } => c.kind === 'answer' && c.task === task && c.depth !== undefined && c.length !== undefined);
  if (cases.length === 0) return [];
  const lengths = [...new Set(cases.map((c) => c.length))].toSorted((a, b) => a - b).map(lengthText);
  const bins = Math.min(10, results.settings.cases);
  const panels = methodsOf(results, cases).map(({ id, name }): Panel => ({
    caption: name, height: 190,
    options: {
      marginLeft: 44, marginBottom: 34, marginTop: 6, marginRight: 10,
      x: { type: 'band', domain: lengths, label: null, padding: 0.04 },
      y: { type: 'band', domain: Array.from({ length: bins }, (_, i) => i), label: null, padding: 0.04, ticks: [0, bins >> 1, bins - 1], tickFormat: (i: number) => percentText((i + 0.5) / bins) },
      color: { type: 'linear', domain: [0, 1], range: [heat.wrong, heat.right], interpolate: 'rgb' },
    },
    marks: (plot) => [plot.cell(cellsOf(cases.filter((c) => c.method === id), bins), { x: 'length', y: 'depth', fill: 'score' })],
  }));
  const legend: readonly LegendEntry[] = [{ name: 'all right', color: heat.right, symbol: 'square' }, { name: 'none right', color: heat.wrong, symbol: 'square' }];
  const subtitle = `${results.model.id} · across: tokens in all · down: depth of the fact in the document`;
  return [{ name: `depth-${task}`, figure: { title: `${taskTitle(task)}: right answers by depth and length`, subtitle, legend, panels } }];
}

/** Far apart in brightness and hue for every kind of sight, on white and on black. */
const heat = { wrong: '#7a2e2e', right: '#4cc38a' } as const;

function cellsOf(cases: readonly (AnswerResult & { readonly depth: number; readonly length: number })[], bins: number): readonly Cell[] {
  const cells = new Map<string, { readonly length: string; readonly depth: number; sum: number; count: number }>();
  for (const c of cases) {
    const [length, depth] = [lengthText(c.length), Math.min(bins - 1, Math.floor(c.depth * bins))];
    const cell = cells.get(`${length} ${depth}`) ?? { length, depth, sum: 0, count: 0 };
    cells.set(`${length} ${depth}`, { ...cell, sum: cell.sum + c.score, count: cell.count + 1 });
  }
  return [...cells.values()].map(({ length, depth, sum, count }) => ({ length, depth, score: sum / count }));
}
