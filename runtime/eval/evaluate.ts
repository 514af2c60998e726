import type { Device } from '../device.js';
import { RuntimeError } from '../error.js';
import { loadModel, type LoadOptions } from '../load.js';
import { dtypesText, type Model } from '../model.js';
import { readChatTemplate } from '../model/chatTemplate.js';
import { type ModelConfig, readConfig } from '../model/config.js';
import { readTokenizer } from '../model/tokenizer.js';
import type { DeviceName } from '../openDevice.js';
import { encodeQuestion } from '../prompt.js';
import { aggregates } from './aggregate.js';
import { caseMaker, type CaseSource, type MadeTask, makeCase, plansOf } from './cases.js';
import { type Estimate, estimates } from './estimate.js';
import { type HaystackSource, haystackOf, readHaystack } from './haystack.js';
import { fileIdentity, modelFiles, textHash } from './identity.js';
import { openJournal } from './journal.js';
import { type MemoTokenizer, memoTokenizer } from './memoTokenizer.js';
import { type EvalMethod, parseMethods } from './methods.js';
import type { Aggregate, CaseResult, EvalHeader, EvalResults, EvalSettings } from './results.js';
import { asking } from './runCase.js';
import { orderOf, runCases } from './runner.js';
import { parseDataFile, readDataset } from './tasks/dataset.js';
import type { AnswerCase, CasePlan } from './tasks/task.js';
import { readTemplates } from './templates.js';

/** What `warpfold eval` takes. */
export interface EvaluateOptions {
  /** A model directory. */
  readonly model: string;
  readonly tasks: readonly MadeTask[];
  /** In tokens: of a whole sequence, from BOS to the room for the answer. */
  readonly lengths: readonly number[];
  /** How many of each task and length, and at most of each file. */
  readonly cases: number;
  /** See `parseMethods`. */
  readonly methods: string;
  /** Files of LongBench's or InfiniteBench's form; see `parseDataFile`. */
  readonly data: readonly string[];
  readonly haystack: HaystackSource;
  /** A file of wordings; eval.json of the model's directory unless said. */
  readonly template?: string | undefined;
  /** How many tokens a case of perplexity foresees; an eighth of the window, at most 128, unless said. */
  readonly predicted?: number | undefined;
  readonly seed: number;
  /** Words questions by the model's chat template; the document stands in front of it. */
  readonly chat: boolean;
  /** Where results go; what is done already is taken from there. */
  readonly out: string;
  /** Takes the place of results of another run. */
  readonly replace?: boolean | undefined;
  readonly device?: DeviceName | number | Device | undefined;
  readonly dtype?: 'f32' | 'bf16' | undefined;
  readonly kvDtype?: LoadOptions['kvDtype'];
  readonly memoryBudget?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What results shall say of the program that made them. */
  readonly origin: Origin;
}

/** Which program ran: its command line, version, and commit where it is a checkout. */
export interface Origin { readonly command: string; readonly version: string; readonly commit: string | undefined }

/** What an evaluation has to say, in order: what there is to do and on what, each case as it is done, each point behind its last case, all results. */
export type EvalEvent =
  | { readonly type: 'start'; readonly total: number; readonly done: number; readonly device: string }
  | { readonly type: 'case'; readonly result: CaseResult; readonly done: number; readonly total: number }
  | { readonly type: 'point'; readonly point: Aggregate }
  | { readonly type: 'results'; readonly results: EvalResults };

/** A run that has been thought through but not begun. */
interface Prepared { readonly config: ModelConfig; readonly tokenizer: MemoTokenizer; readonly methods: readonly EvalMethod[]; readonly source: CaseSource; readonly plans: readonly CasePlan[]; readonly settings: EvalSettings }

/**
 * Asks a model all cases by all methods. Every case is put down when it is done, so that a run that was stopped goes on
 * where it was. Throws R601…R606 for what cannot be evaluated, R405 for files that cannot be read, and what loading throws.
 */
export async function* evaluate(options: EvaluateOptions): AsyncGenerator<EvalEvent> {
  const { config, tokenizer, methods, source, plans, settings } = await prepare(options);
  const load = (): Promise<Model> => loadModel(options.model, { device: options.device, dtype: options.dtype, kvDtype: options.kvDtype, signal: options.signal, tokenizer });
  let loaded: Model | undefined = await load();
  try {
    const { device } = loaded;
    const header: EvalHeader = {
      format: 'warpfold-eval/1',
      run: { ...originOf(options), node: process.version, platform: `${process.platform} ${process.arch}`, device: device.description, dtype: dtypesText(loaded), started: new Date().toISOString() },
      model: { id: loaded.id, window: config.window, files: await modelFiles(options.model, options.signal) }, settings,
    };
    const journal = openJournal(options.out, header, options.replace);
    const total = methods.length * plans.length;
    let done = journal.done.length;
    yield { type: 'start', total, done, device: loaded.deviceChoice ?? device.description };
    const open = async (): Promise<Model> => {
      const first = loaded ?? (await load());
      loaded = undefined;
      return first;
    };
    const { memoryBudget, signal, seed, chat } = options;
    const points = pointsOf(plans, journal.done);
    for await (const result of runCases({ methods, plans, caseOf: caseMaker(source, tokenizer.keep), done: journal.done, open, memoryBudget, signal, seed, chat })) {
      journal.append(result);
      yield { type: 'case', result, done: ++done, total };
      const point = points(result);
      if (point !== undefined) yield { type: 'point', point };
    }
    yield { type: 'results', results: journal.finish(orderOf(methods, plans), new Date().toISOString()) };
  } finally {
    await loaded?.[Symbol.asyncDispose]();
  }
}

/** Puts cases together until a point has all of its own. */
function pointsOf(plans: readonly CasePlan[], done: readonly CaseResult[]): (result: CaseResult) => Aggregate | undefined {
  const all = [...done];
  return (result) => {
    all.push(result);
    const own = all.filter((c) => c.method === result.method && c.task === result.task && c.length === result.length);
    return own.length === plans.filter((p) => p.task === result.task && p.length === result.length).length ? aggregates(own)[0] : undefined;
  };
}

/** What {@link evaluate} would read, without loading weights. */
export async function estimate(options: EvaluateOptions): Promise<readonly Estimate[]> {
  const { config, methods, source, plans } = await prepare(options);
  const lengths = new Map<number, number>();
  for (const plan of plans) {
    const length = plan.length ?? tokensOf(source, makeCase(plan, source) as AnswerCase);
    lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  return estimates(config, methods, lengths);
}

const tokensOf = ({ tokenizer, questionTokens }: CaseSource, { document, question, maxTokens }: AnswerCase): number => tokenizer.encode(document).length + questionTokens(question) + maxTokens;

async function prepare(options: EvaluateOptions): Promise<Prepared> {
  const { tasks, lengths, cases, seed, chat } = options;
  for (const [name, value, least] of [['cases', cases, 1], ['seed', seed, 0], ...lengths.map((n) => ['a length', n, 16] as const)] as const) {
    if (!Number.isInteger(value) || value < least) throw new RuntimeError('R606', `${name} is ${value}, it must be a whole number from ${least}`, { remedy: `give ${least} or more` });
  }
  const config = await readConfig(options.model);
  const tokenizer = memoTokenizer(await readTokenizer(options.model, { bosId: config.bosId }));
  const templates = await readTemplates(options.model, options.template);
  const methods = parseMethods(options.methods, { numLayers: config.numLayers, window: config.window, parallelComp: templates.parallelComp });
  const text = await readHaystack(options.haystack);
  const records = numbered((await Promise.all(options.data.map((file) => readDataset(parseDataFile(file), templates, cases)))).flat());
  const predicted = options.predicted ?? Math.min(128, Math.floor(config.window / 8));
  const chatTemplate = chat ? await readChatTemplate(options.model) : undefined;
  if (chat && chatTemplate === undefined) throw new RuntimeError('R602', 'the model has no chat template to word questions by', { where: options.model, remedy: 'leave --chat out, or put a chat_template.jinja into the directory' });
  const questionTokens = (question: string): number => encodeQuestion({ tokenizer, chatTemplate }, asking(question, chat)).question.length;
  const source: CaseSource = { tokenizer, questionTokens, haystack: haystackOf(tokenizer, text), templates, seed, cases, predicted, records };
  const plans = plansOf(tasks, lengths, cases, records);
  if (plans.length === 0) throw new RuntimeError('R606', 'there is nothing to evaluate', { remedy: 'name a task and a length, or a file of data' });
  // Lengths too short for a task are refused before anything is run.
  for (const plan of plans) if (plan.length === Math.min(...lengths) && plan.index === 0) makeCase(plan, source);
  const data = await Promise.all(options.data.map((file) => fileIdentity(parseDataFile(file).path)));
  const settings: EvalSettings = {
    tasks: [...tasks, ...new Set(records.map((r) => r.task))], lengths: lengths.toSorted((a, b) => a - b), cases, predicted, seed, chat,
    methods: methods.map((m) => ({ ...m, parallelComp: { ...m.parallelComp } })), haystack: { source: options.haystack, sha256: textHash(text) },
    templates: usedTemplates(tasks, templates), data,
  };
  return { config, tokenizer, methods, source, plans, settings };
}

/** Records of one task counted on, where several files have some. */
const numbered = (records: readonly AnswerCase[]): readonly AnswerCase[] =>
  records.map((record, i) => ({ ...record, index: records.slice(0, i).filter((other) => other.task === record.task).length }));

/** Wordings that the run depends on; those of files stand in their own prompts. */
function usedTemplates(tasks: readonly MadeTask[], { tasks: needles, kv, datasets }: CaseSource['templates']): unknown {
  const used = Object.entries({ ...needles, kv }).filter(([task]) => (tasks as readonly string[]).includes(task));
  return { ...Object.fromEntries(used), ...(Object.keys(datasets).length === 0 ? {} : { datasets }) };
}

const originOf = ({ origin: { command, version, commit } }: EvaluateOptions): { command: string; version: string; commit?: string } => ({ command, version, ...(commit === undefined ? {} : { commit }) });
