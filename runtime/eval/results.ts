import { z } from 'zod';
import { RuntimeError } from '../error.js';

const asked = { task: z.string(), method: z.string(), length: z.int().optional(), index: z.int(), seed: z.string().optional() };
const cost = { tokens: z.int(), seconds: z.number(), peakBytes: z.number() };

const answerResult = z.object({ kind: z.literal('answer'), ...asked, depth: z.number().optional(), expected: z.array(z.string()), answer: z.string(), score: z.number().min(0).max(1), ...cost });
const perplexityResult = z.object({ kind: z.literal('perplexity'), ...asked, nll: z.number(), predicted: z.int(), ...cost });
const failedResult = z.object({ kind: z.literal('failed'), ...asked, code: z.string(), message: z.string() });
const caseResult = z.discriminatedUnion('kind', [answerResult, perplexityResult, failedResult]);

const point = { task: z.string(), method: z.string(), length: z.int().optional(), cases: z.int(), failed: z.int() };
const measured = { tokens: z.number(), seconds: z.number(), peakBytes: z.number() };
const interval = { low: z.number(), high: z.number() };
const accuracyPoint = z.object({ kind: z.literal('accuracy'), ...point, ...measured, score: z.number(), ...interval });
const perplexityPoint = z.object({ kind: z.literal('perplexity'), ...point, ...measured, perplexity: z.number(), ...interval });
const failedPoint = z.object({ kind: z.literal('failed'), ...point, message: z.string() });
const aggregate = z.discriminatedUnion('kind', [accuracyPoint, perplexityPoint, failedPoint]);

const method = z.object({ id: z.string(), title: z.string(), method: z.enum(['full', 'truncated', 'streaming', 'parallelcomp']), parallelComp: z.record(z.string(), z.unknown()) });
const file = z.object({ path: z.string(), bytes: z.number(), sha256: z.string() });

const settings = z.object({
  tasks: z.array(z.string()), lengths: z.array(z.int()), cases: z.int(), predicted: z.int(), seed: z.int(), chat: z.boolean(),
  methods: z.array(method), haystack: z.object({ source: z.string(), sha256: z.string() }), templates: z.unknown(), data: z.array(file),
});
const run = z.object({
  command: z.string(), version: z.string(), commit: z.string().optional(), node: z.string(), platform: z.string(),
  device: z.string(), dtype: z.string(), started: z.string(), finished: z.string().optional(),
});
const model = z.object({ id: z.string(), window: z.int(), files: z.array(file) });
const header = z.object({ format: z.literal('warpfold-eval/1'), run, model, settings });
const results = header.extend({ aggregates: z.array(aggregate), cases: z.array(caseResult) });

/**
 * What came of one case under one method. `seed`: what its draws followed from; `tokens`: of document and question, as the
 * model read them; `seconds`: reading and answering, without cutting text into tokens; `peakBytes`: the most the device held so far.
 */
export type CaseResult = z.infer<typeof caseResult>;
/** An answer and its score, 0…1; `expected`: the right ones; `depth`: where the fact lies, 0…1. */
export type AnswerResult = z.infer<typeof answerResult>;
/** `nll`: mean −ln p of the `predicted` tokens. */
export type PerplexityResult = z.infer<typeof perplexityResult>;

/**
 * All cases of one task, method and length. `low`, `high`: where the true value lies with 95 % confidence; `seconds`: the
 * median; `peakBytes`: the most.
 */
export type Aggregate = z.infer<typeof aggregate>;
export type AccuracyPoint = z.infer<typeof accuracyPoint>;
export type PerplexityPoint = z.infer<typeof perplexityPoint>;

/** What the cases and their answers follow from, apart from model and machine. */
export type EvalSettings = z.infer<typeof settings>;
/** What ran it. */
export type EvalRun = z.infer<typeof run>;
/** A file, and what tells it from others of the same name. */
export type FileIdentity = z.infer<typeof file>;
/** Everything needed to repeat a run. */
export type EvalHeader = z.infer<typeof header>;
/** A finished run. */
export type EvalResults = z.infer<typeof results>;

/** What tells one case of a run from all others. */
export const caseKey = (c: Pick<CaseResult, 'task' | 'method' | 'length' | 'index'>): string => `${c.method} ${c.task} ${c.length ?? ''} ${c.index}`;

/** A results file's text, one case a line. */
export function resultsText({ cases, aggregates, ...head }: EvalResults): string {
  const list = (items: readonly unknown[]): string => (items.length === 0 ? '[]' : `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n ]`);
  const top = JSON.stringify(head, undefined, 1).slice(0, -2);
  return `${top},\n "aggregates": ${list(aggregates)},\n "cases": ${list(cases)}\n}\n`;
}

/** Reads a results file's text. Throws R605. */
export const parseResults = (text: string, where: string): EvalResults => checked(results, text, where);
/** Reads the first line of a journal. Throws R605. */
export const parseHeader = (text: string, where: string): EvalHeader => checked(header, text, where);
/** Reads a further line of a journal. Throws R605. */
export const parseCase = (text: string, where: string): CaseResult => checked(caseResult, text, where);

function checked<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RuntimeError('R605', 'this is not JSON', { where, remedy: 'move the file away and run again', cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RuntimeError('R605', `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'wrong'}`, { where, remedy: 'give a file that `warpfold eval` of this version wrote' });
}
