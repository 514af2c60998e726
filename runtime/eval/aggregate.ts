import type { Aggregate, AnswerResult, CaseResult, PerplexityResult } from './results.js';
import { wilson, z95 } from './wilson.js';

/** Points of all tasks, methods and lengths, in the order in which they first come up. */
export function aggregates(cases: readonly CaseResult[]): readonly Aggregate[] {
  const groups = new Map<string, CaseResult[]>();
  for (const c of cases) {
    const key = `${c.task} ${c.method} ${c.length ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [c]);
    else group.push(c);
  }
  return [...groups.values()].map(aggregate);
}

function aggregate(cases: readonly CaseResult[]): Aggregate {
  const answers = cases.filter((c) => c.kind === 'answer');
  const predictions = cases.filter((c) => c.kind === 'perplexity');
  const failures = cases.filter((c) => c.kind === 'failed');
  const { task, method, length } = cases[0]!;
  const point = { task, method, ...(length === undefined ? {} : { length }), cases: cases.length, failed: failures.length };
  if (answers.length > 0) return { kind: 'accuracy', ...point, ...measures(answers), ...accuracy(answers) };
  if (predictions.length > 0) return { kind: 'perplexity', ...point, ...measures(predictions), ...perplexity(predictions) };
  return { kind: 'failed', ...point, message: failures[0]?.message ?? '' };
}

function accuracy(answers: readonly AnswerResult[]): { readonly score: number; readonly low: number; readonly high: number } {
  const right = answers.reduce((sum, c) => sum + c.score, 0);
  return { score: right / answers.length, ...wilson(right, answers.length) };
}

/** Over all predicted tokens; the interval is that of the cases' mean NLL, on the scale of perplexity. */
function perplexity(cases: readonly PerplexityResult[]): { readonly perplexity: number; readonly low: number; readonly high: number } {
  const tokens = cases.reduce((sum, c) => sum + c.predicted, 0);
  const mean = cases.reduce((sum, c) => sum + c.nll * c.predicted, 0) / tokens;
  const variance = cases.reduce((sum, c) => sum + (c.nll - mean) ** 2, 0) / Math.max(1, cases.length - 1);
  const half = z95 * Math.sqrt(variance / cases.length);
  return { perplexity: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

const measures = (cases: readonly (AnswerResult | PerplexityResult)[]): { readonly tokens: number; readonly seconds: number; readonly peakBytes: number } =>
  ({ tokens: median(cases.map((c) => c.tokens)), seconds: median(cases.map((c) => c.seconds)), peakBytes: Math.max(...cases.map((c) => c.peakBytes)) });

/** The middle one, of an even number the mean of both. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
