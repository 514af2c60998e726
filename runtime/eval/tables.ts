import type { Aggregate, EvalResults } from './results.js';
import { lengthText, percentText, perplexityText, secondsText, taskTitle } from './words.js';

/** A table for a terminal. */
export interface ResultTable { readonly title: string; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** One table per task that was made at lengths, and one for the datasets: a row per method. */
export function resultTables({ aggregates, settings }: EvalResults): readonly ResultTable[] {
  const titled = new Map(settings.methods.map((m) => [m.id, m.title]));
  const made = [...new Set(aggregates.filter((a) => a.length !== undefined).map((a) => a.task))];
  const files = [...new Set(aggregates.filter((a) => a.length === undefined).map((a) => a.task))];
  const table = (title: string, columns: readonly string[], cell: (method: string, column: number) => Aggregate | undefined): ResultTable => ({
    title, head: ['method', ...columns], rows: [...titled].map(([id, name]) => [name, ...columns.map((_, i) => cellText(cell(id, i)))]),
  });
  const find = (task: string, method: string, length: number | undefined): Aggregate | undefined => aggregates.find((a) => a.task === task && a.method === method && a.length === length);
  return [
    ...made.map((task) => table(taskTitle(task), settings.lengths.map(lengthText), (method, i) => find(task, method, settings.lengths[i]))),
    ...(files.length === 0 ? [] : [table('Datasets', files, (method, i) => find(files[i] ?? '', method, undefined))]),
  ];
}

function cellText(a: Aggregate | undefined): string {
  if (a === undefined) return '–';
  switch (a.kind) {
    case 'accuracy': return `${percentText(a.score)}${a.failed > 0 ? ` (${a.failed} failed)` : ''}`;
    case 'perplexity': return `${perplexityText(a.perplexity)}${a.failed > 0 ? ` (${a.failed} failed)` : ''}`;
    case 'failed': return 'failed';
    default: return a satisfies never;
  }
}

/** A point in one line, for logs of long runs. */
export const pointText = (a: Aggregate): string =>
  `${a.method}, ${taskTitle(a.task)}${a.length === undefined ? '' : `, ${lengthText(a.length)}`}: ${cellText(a)} (${a.cases === 1 ? '1 case' : `${a.cases} cases`}, ${a.kind === 'failed' ? a.message : `${secondsText(a.seconds)} each`})`;
