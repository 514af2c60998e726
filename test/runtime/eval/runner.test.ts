import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { RuntimeError } from '../../../runtime/error.js';
import type { DoneEvent } from '../../../runtime/events.js';
import { caseMaker, type CaseSource, plansOf } from '../../../runtime/eval/cases.js';
import { haystackOf } from '../../../runtime/eval/haystack.js';
import { parseMethods } from '../../../runtime/eval/methods.js';
import { caseKey, type CaseResult } from '../../../runtime/eval/results.js';
import type { EvalModel } from '../../../runtime/eval/runCase.js';
import { orderOf, type RunPlan, runCases } from '../../../runtime/eval/runner.js';
import { templatesFrom } from '../../../runtime/eval/templates.js';
import type { GenerateRequest } from '../../../runtime/request.js';
import { tinyConfig } from '../../kit/tinyModel.js';
import { tokenizers } from './tokenizers.js';

const { tokenizer } = tokenizers[1]!;
const prose = 'The road went over the hill. Nobody was there. It rained a little. ';
const source: CaseSource = { tokenizer, questionTokens: (q) => q.length, haystack: haystackOf(tokenizer, prose.repeat(30)), templates: templatesFrom('{}', ''), seed: 1, cases: 2, predicted: 8, records: [] };
const methods = parseMethods('full,parallelcomp:keepChunks=2,chunkTokens=60', { numLayers: 4, window: 64, parallelComp: {} });
const plans = plansOf(['passkey', 'ppl'], [900, 700], 2, []);

interface Seen { readonly requests: GenerateRequest[]; readonly chunkTokens: (number | undefined)[]; opened: number; disposed: number }

/** Answers right by one method and wrong by the other; `answer` may throw. */
function fakeModel(seen: Seen, answer: (request: GenerateRequest) => string): EvalModel & AsyncDisposable {
  seen.opened++;
  return {
    config: tinyConfig, tokenizer,
    async *generate(request) {
      seen.requests.push(request);
      const text = answer(request);
      const done: DoneEvent = {
        type: 'done', method: 'full', text, ids: [], finishReason: 'stop', stopReason: undefined, eviction: undefined, seed: undefined, firstTop5: [], peakBytes: 1000 + seen.requests.length,
        usage: { contextTokens: 600, queryTokens: 40, chunks: 0, answerTokens: 3, cachedTokens: 0 }, timings: { queue: 9, prefill: 0.25, decode: 0.5, tokensPerSecond: 1, phases: undefined },
      };
      yield done;
    },
    negativeLogLikelihoods: async (request) => {
      seen.chunkTokens.push(request.parallelComp?.chunkTokens);
      return { method: 'full', ids: [1, 2, 3], nll: [1, 2, 3], mean: 2, contextTokens: 60, timings: { prefill: 1, predict: 1 }, eviction: undefined, peakBytes: 7 };
    },
    [Symbol.asyncDispose]: async () => { seen.disposed++; },
  };
}

const key = (document: GenerateRequest['document']): string => /pass key is (\d+)/.exec(String(document))?.[1] ?? '';
const newSeen = (): Seen => ({ requests: [], chunkTokens: [], opened: 0, disposed: 0 });
const plan = (seen: Seen, changes: Partial<RunPlan> = {}, answer: (r: GenerateRequest) => string = (r) => (r.method === 'full' ? ` ${key(r.document)}.` : ' 1')): RunPlan =>
  ({ methods, plans, caseOf: caseMaker(source), done: [], seed: 1, chat: false, memoryBudget: 5, signal: undefined, open: async () => fakeModel(seen, answer), ...changes });

async function collect(run: RunPlan): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for await (const result of runCases(run)) results.push(result);
  return results;
}

describe('runCases', () => {
  test('in a chat, a question is what the user says', async () => {
    const seen = newSeen();
    await collect(plan(seen, { chat: true }));
    expect(seen.requests[0]).toMatchObject({ messages: [{ role: 'user', content: expect.stringMatching(/What is the pass key\?/) as string }] });
    expect(seen.requests[0]).not.toHaveProperty('question');
  });

  test('every case by every method, in order, with what it takes to find it again', async () => {
    const seen = newSeen();
    const results = await collect(plan(seen));
    expect(results.map(orderOf(methods, plans))).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(results[0]).toEqual({
      kind: 'answer', task: 'passkey', method: 'full', length: 700, index: 0, seed: '1 passkey 700 0', depth: expect.any(Number) as number,
      expected: [key(seen.requests[0]?.document)], answer: ` ${key(seen.requests[0]?.document)}.`, score: 1, tokens: 640, seconds: 0.75, peakBytes: 1001,
    });
    expect(results.filter((r) => r.kind === 'answer').map((r) => r.score)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(results[2]).toMatchObject({ kind: 'perplexity', nll: 2, predicted: 3, tokens: 63, seconds: 2, peakBytes: 7 });
    expect(seen.requests[4]).toMatchObject({ method: 'parallelcomp', parallelComp: { keepChunks: 2, chunkTokens: 60 }, memoryBudget: 5, maxTokens: 8 });
  });

  test('a model of its own for each method, disposed after it', async () => {
    const seen = newSeen();
    await collect(plan(seen));
    expect([seen.opened, seen.disposed]).toEqual([2, 2]);
  });

  test('chunks leave room for the tokens to be foreseen: window 64 less question 4 and 8 foreseen', async () => {
    const seen = newSeen();
    await collect(plan(seen));
    expect(seen.chunkTokens.slice(4)).toEqual([52, 52, 52, 52]);
  });

  test.prop([fc.uniqueArray(fc.nat(15))], { numRuns: 10 })('what is done is not done again, and no model is opened for nothing', async (done) => {
    const all = await collect(plan(newSeen()));
    const seen = newSeen();
    const kept = all.filter((_, i) => done.includes(i));
    const rest = await collect(plan(seen, { done: kept }));
    expect(rest.map(caseKey)).toEqual(all.filter((_, i) => !done.includes(i)).map(caseKey));
    expect(seen.opened).toBe(new Set(rest.map((r) => r.method)).size);
  });

  test('memory that does not suffice is a result; the next case is asked', async () => {
    const results = await collect(plan(newSeen(), {}, (r) => {
      if (r.method === 'full') throw new RuntimeError('R014', 'not enough memory');
      return key(r.document);
    }));
    expect(results[0]).toEqual({ kind: 'failed', task: 'passkey', method: 'full', length: 700, index: 0, seed: '1 passkey 700 0', code: 'R014', message: 'not enough memory' });
    expect(results.filter((r) => r.kind === 'failed').length).toBe(4);
    expect(results.at(-4)).toMatchObject({ kind: 'answer', score: 1 });
  });

  test.each(['R023', 'R112'] as const)('what leaves the model unusable (%s) ends the run, and the model is disposed', async (code) => {
    const seen = newSeen();
    await expect(collect(plan(seen, {}, () => { throw new RuntimeError(code, 'lost'); }))).rejects.toMatchObject({ code });
    expect(seen.disposed).toBe(1);
  });

  test('a signal ends it with its reason, and is no failed case', async () => {
    const seen = newSeen();
    const stop = new AbortController();
    const results: CaseResult[] = [];
    const run = async (): Promise<void> => {
      for await (const r of runCases(plan(seen, { signal: stop.signal }, (request) => {
        if (seen.requests.length === 2) stop.abort(new Error('enough'));
        if (stop.signal.aborted) throw new RuntimeError('R017', 'work was dropped');
        return key(request.document);
      }))) results.push(r);
    };
    await expect(run()).rejects.toThrow('enough');
    expect([results.length, seen.disposed]).toEqual([1, 1]);
  });
});
