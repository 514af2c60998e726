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
        { type: 'linear', domain: [0, 1], tickFormat: percentText, ticks: [0, 0.25, 0.5, 0.75, 1] }),
    })),
    ...ifAny(perplexities, (): Chart => ({
      name: 'perplexity',
      figure: lineFigure(results, `Perplexity of the last ${settings.predicted} tokens by length`, about(' · lower is better · bars: 95 % intervals'), perplexities.map((a) => ({ ...a, value: a.perplexity })),
        { type: 'log', tickFormat: (n) => n.toLocaleString('en-US'), ticks: decades(perplexities.flatMap((a) => [a.low, a.high])) }),
    })),
    ...ifAny(timed, (): Chart => ({
      name: 'seconds',
      figure: lineFigure(results, 'Seconds to read and answer, by length', `${onDevice} · median`, timed.map((a) => ({ ...a, value: a.seconds, low: a.seconds, high: a.seconds })),
        { type: 'log', tickFormat: secondsText, ticks: decades(timed.map((a) => a.seconds)) }),
    })),
    ...ifAny(timed, (): Chart => ({
      name: 'memory',
      figure: lineFigure(results, 'Device memory at most, by length', `${onDevice} · weights included`, timed.map((a) => ({ ...a, value: a.peakBytes, low: a.peakBytes, high: a.peakBytes })),
        { type: 'log', base: 2, tickFormat: bytesText, ticks: doublings(timed.map((a) => a.peakBytes)) }),
    })),
    ...tasks.filter((task) => task !== 'kv' || tasks.length === 1).slice(0, 1).flatMap((task) => depthChart(results, task)),
  ];
}

const ifAny = <T>(items: readonly T[], chart: () => Chart): readonly Chart[] => (items.length === 0 ? [] : [chart()]);
const settingsWindow = ({ model }: EvalResults): string => model.window.toLocaleString('en-US');
const shortDevice = (description: string): string => description.replace(/\((R|TM)\)/g, '').split(',')[0]!.trim();

/** 1, 2 and 5 of each power of ten that the values span, or the powers alone where they are many. */
function decades(values: readonly number[]): readonly number[] {
  const [from, to] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const steps = to - from > 2 ? [1] : [1, 2, 5];
  return Array.from({ length: to - from + 1 }, (_, i) => i + from).flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
}

/** The powers of two that the values span, every one or every second or fourth. */
function doublings(values: readonly number[]): readonly number[] {
  const [from, to] = [Math.floor(Math.log2(Math.min(...values))), Math.ceil(Math.log2(Math.max(...values)))];
  const step = Math.max(1, Math.ceil((to - from) / 7));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => 2 ** (from + i * step));
}

type Measured = AccuracyPoint | PerplexityPoint;
interface Point { readonly method: string; readonly length: number; readonly value: number; readonly low: number; readonly high: number }
interface YScale { readonly type: 'linear' | 'log'; readonly base?: number; readonly domain?: readonly [number, number]; readonly ticks: readonly number[]; readonly tickFormat: (n: number) => string }

/** One line per method over length on a log2 axis, with bars where a value has an interval. */
function lineFigure(results: EvalResults, title: string, subtitle: string, points: readonly Point[], y: YScale): Figure {
  const methods = methodsOf(results, points);
  const { window } = results.model;
  const lengths = [...new Set(points.map((p) => p.length))];
  // Methods stand a little beside one another, or bars and marks would hide each other.
  const least = Math.min(...lengths) / 2 ** 0.35;
  const most = Math.max(...lengths) * 2 ** 0.35;
  const beside = (p: Point): number => p.length * 2 ** ((methods.findIndex((m) => m.id === p.method) - (methods.length - 1) / 2) * 0.009 * Math.log2(most / least));
  const domain = y.domain ?? spanOf(points, y.ticks);
  const panel: Panel = {
    caption: '', height: 340,
    options: {
      marginLeft: 62, marginBottom: 42, marginTop: 24,
      x: { type: 'log', base: 2, domain: [least, most], ticks: lengths, tickFormat: lengthText, label: 'length in tokens →' },
      y: { ...y, grid: true, label: null, domain, ticks: y.ticks.filter((t) => t >= domain[0] && t <= domain[1]) },
    },
    marks: (plot) => [
      ...(window >= least && window <= most ? [plot.ruleX([window], { stroke: 'currentColor', strokeDasharray: '3,4', strokeOpacity: 0.5 }), plot.text([window], { x: (n: number) => n, frameAnchor: 'top', text: () => 'trained window', dx: 4, dy: -14, textAnchor: 'start', fillOpacity: 0.75 })] : []),
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

/** From the tick at or below all values to the one at or above them. */
function spanOf(points: readonly Point[], ticks: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...points.map((p) => p.low)), Math.max(...points.map((p) => p.high))];
  return [ticks.findLast((t) => t <= least * 0.95) ?? least * 0.9, ticks.find((t) => t >= most) ?? most * 1.1];
}

/** Legend entries of the methods that have points, in the order of the run. */
const methodsOf = ({ settings }: EvalResults, points: readonly { readonly method: string }[]): readonly (LegendEntry & { readonly id: string })[] =>
  settings.methods.map((m, i) => ({ id: m.id, name: m.title, shape: 'line' as const, ...seriesStyle(i) })).filter(({ id }) => points.some((p) => p.method === id));

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
      x: { type: 'band', domain: lengths, label: null, padding: 0.04, ticks: lengths.filter((_, i) => i % Math.ceil(lengths.length / 5) === 0) },
      y: { type: 'band', domain: Array.from({ length: bins }, (_, i) => i), label: null, padding: 0.04, ticks: bins < 6 ? [0, bins - 1] : [0, bins >> 1, bins - 1], tickFormat: (i: number) => percentText((i + 0.5) / bins) },
      color: { type: 'linear', domain: [0, 1], scheme: 'cividis' },
    },
    marks: (plot) => [plot.cell(cellsOf(cases.filter((c) => c.method === id), bins), { x: 'length', y: 'depth', fill: 'score' })],
  }));
  const legend = cividis.map(([share, color]): LegendEntry => ({ name: percentText(share), color, symbol: 'square', shape: 'area' }));
  const subtitle = `${results.model.id} · across: length in tokens · down: depth of the fact in the document · colour: right answers`;
  return [{ name: `depth-${task}`, figure: { title: `${taskTitle(task)}: right answers by depth and length`, subtitle, legend, panels } }];
}

/** Some colours of the scale, which is told apart by brightness alone too. */
const cividis: readonly (readonly [number, string])[] = [[0, '#002051'], [0.25, '#3c4d6e'], [0.5, '#7f7c75'], [0.75, '#bbaf71'], [1, '#fdea45']];

function cellsOf(cases: readonly (AnswerResult & { readonly depth: number; readonly length: number })[], bins: number): readonly Cell[] {
  const cells = new Map<string, { readonly length: string; readonly depth: number; sum: number; count: number }>();
  for (const c of cases) {
    const [length, depth] = [lengthText(c.length), Math.min(bins - 1, Math.floor(c.depth * bins))];
    const cell = cells.get(`${length} ${depth}`) ?? { length, depth, sum: 0, count: 0 };
    cells.set(`${length} ${depth}`, { ...cell, sum: cell.sum + c.score, count: cell.count + 1 });
  }
  return [...cells.values()].map(({ length, depth, sum, count }) => ({ length, depth, score: sum / count }));
}
