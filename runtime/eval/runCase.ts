import { RuntimeError } from '../error.js';
import type { DoneEvent } from '../events.js';
import type { Model } from '../model.js';
import type { QuestionRequest } from '../request.js';
import type { EvalMethod } from './methods.js';
import { scoreOf } from './metrics/metric.js';
import type { CaseResult } from './results.js';
import type { AnswerCase, Case, PerplexityCase } from './tasks/task.js';

/** What a model must do to be judged. */
export type EvalModel = Pick<Model, 'config' | 'tokenizer' | 'generate' | 'negativeLogLikelihoods'>;

/** `chat`: whether the model's chat template words the question. */
export interface RunCaseOptions { readonly chat: boolean; readonly seed: number; readonly memoryBudget: number | undefined; readonly signal: AbortSignal | undefined }

/** Asks one case by one method. What the model refuses, or has no memory for, is a result too; an abort throws. */
export async function runCase(model: EvalModel, method: EvalMethod, c: Case, options: RunCaseOptions): Promise<CaseResult> {
  const { task, length, index } = c;
  const asked = { task, method: method.id, ...(length === undefined ? {} : { length, seed: `${options.seed} ${task} ${length} ${index}` }), index };
  try {
    return c.kind === 'answer' ? await answered(model, method, c, options, asked) : await foreseen(model, method, c, options, asked);
  } catch (e) {
    options.signal?.throwIfAborted();
    if (!(e instanceof RuntimeError) || isFatal(e)) throw e;
    return { kind: 'failed', ...asked, code: e.code, message: e.message };
  }
}

/** A device that is lost stays lost, a missing kernel missing. */
const isFatal = ({ code }: RuntimeError): boolean => code !== 'R014' && !code.startsWith('R4');

type Asked = Pick<CaseResult, 'task' | 'method' | 'length' | 'index' | 'seed'>;

async function answered(model: EvalModel, { method, parallelComp }: EvalMethod, c: AnswerCase, { chat, memoryBudget, signal }: RunCaseOptions, asked: Asked): Promise<CaseResult> {
  const done = await lastOf(model.generate({ document: c.document, ...asking(c.question, chat), method, parallelComp, maxTokens: c.maxTokens, memoryBudget, signal }));
  const judged = c.firstLine ? (done.text.replace(/^\n+/, '').split('\n')[0] ?? '') : done.text;
  const { usage, timings, peakBytes, text } = done;
  return {
    kind: 'answer', ...asked, ...(c.depth === undefined ? {} : { depth: Number(c.depth.toFixed(4)) }), expected: [...c.references], answer: text,
    score: scoreOf(c.metric, judged, c), tokens: usage.contextTokens + usage.queryTokens, seconds: rounded(timings.prefill + timings.decode), peakBytes,
  };
}

/** A question as requests have it: as it stands, or as what a user says in a conversation. */
export const asking = (question: string, chat: boolean): Pick<QuestionRequest, 'question' | 'messages'> =>
  (chat ? { messages: [{ role: 'user', content: question }] } : { question });

async function lastOf(events: ReturnType<EvalModel['generate']>): Promise<DoneEvent> {
  for await (const event of events) if (event.type === 'done') return event;
  throw new Error('the answer ended without its account');
}

async function foreseen(model: EvalModel, { method, parallelComp }: EvalMethod, c: PerplexityCase, { memoryBudget, signal }: RunCaseOptions, asked: Asked): Promise<CaseResult> {
  const { ids, mean, contextTokens, timings, peakBytes } = await model.negativeLogLikelihoods({
    context: c.context, continuation: c.continuation, method, memoryBudget, signal, parallelComp: withRoom(model, parallelComp, model.tokenizer.encode(c.continuation).length),
  });
  return { kind: 'perplexity', ...asked, nll: mean, predicted: ids.length, tokens: contextTokens + ids.length, seconds: rounded(timings.prefill + timings.predict), peakBytes };
}

/** Chunks leave room in the window for the question and the predicted tokens, which are many more than an answer's. */
function withRoom({ config: { window }, tokenizer }: EvalModel, given: EvalMethod['parallelComp'], predicted: number): EvalMethod['parallelComp'] {
  const room = window - (tokenizer.bosId === undefined ? 0 : 1) - Math.max(1, Math.floor(window / 16)) - predicted;
  return given.chunkTokens === undefined || room < 1 ? given : { ...given, chunkTokens: Math.min(given.chunkTokens, room) };
}

const rounded = (seconds: number): number => Number(seconds.toFixed(6));
