import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { caseMaker, type CaseSource, madeTasks, makeCase, plansOf } from '../../../runtime/eval/cases.js';
import { haystackOf } from '../../../runtime/eval/haystack.js';
import { scoreOf } from '../../../runtime/eval/metrics/metric.js';
import type { AnswerCase } from '../../../runtime/eval/tasks/task.js';
import { templatesFrom } from '../../../runtime/eval/templates.js';
import type { Tokenizer } from '../../../runtime/model/tokenizer.js';
import { tokenizers } from './tokenizers.js';

const prose = 'The road went over the hill. Nobody was there. It rained a little, and then it did not. She said: "Come in!" He came in. ';
const source = (tokenizer: Tokenizer, changes: Partial<CaseSource> = {}): CaseSource =>
  ({ tokenizer, questionTokens: (q) => tokenizer.encode(q).length, haystack: haystackOf(tokenizer, prose.repeat(20)), templates: templatesFrom('{}', 'none'), seed: 1, cases: 10, predicted: 32, records: [], ...changes });
const anyTokenizer = fc.constantFrom(...tokenizers);

describe('made cases', () => {
  test.prop([anyTokenizer, fc.constantFrom(...madeTasks), fc.integer({ min: 700, max: 3000 }), fc.nat(9), fc.nat(99)], { numRuns: 60 })(
    'every task makes sequences of exactly the length asked: BOS, document, question and the room for the answer', ({ tokenizer }, task, length, index, seed) => {
      const c = makeCase({ task, length, index }, source(tokenizer, { seed }));
      const count = (text: string): number => tokenizer.encode(text).length;
      const bos = tokenizer.bosId === undefined ? 0 : 1;
      expect(bos + (c.kind === 'answer' ? count(c.document) + count(c.question) + c.maxTokens : count(c.context) + count(c.continuation))).toBe(length);
      if (c.kind === 'perplexity') expect(count(c.continuation)).toBe(32);
    });

  test.prop([fc.constantFrom(...madeTasks.filter((t) => t !== 'ppl')), fc.nat(9)], { numRuns: 40 })('what is asked is in the document, at the depth told, and saying it is right', (task, index) => {
    const c = makeCase({ task, length: 1500, index }, source(tokenizers[0]!.tokenizer)) as AnswerCase;
    expect(c.references.length).toBe({ niah_multivalue: 4, niah_multiquery: 4 }[task as string] ?? 1);
    for (const reference of c.references) expect(c.document).toContain(reference);
    expect(c.document.indexOf(c.references[0]!) / c.document.length - c.depth!).toBeLessThan(0.06);
    expect(scoreOf(c.metric, ` ${c.references.join(', ')}.`, c)).toBe(1);
    expect(scoreOf(c.metric, ' I do not know.', c)).toBe(0);
  });

  test.prop([fc.constantFrom(...madeTasks), fc.nat(9)], { numRuns: 20 })('the same plan gives the same case, another index or seed another one', (task, index) => {
    const make = (i: number, seed: number) => JSON.stringify(makeCase({ task, length: 900, index: i }, source(tokenizers[1]!.tokenizer, { seed })));
    expect(make(index, 1)).toBe(make(index, 1));
    expect(make(index, 1)).not.toBe(make(index + 1, 1));
    expect(make(index, 1)).not.toBe(make(index, 2));
  });

  test('depths sweep the document evenly', () => {
    const own = source(tokenizers[0]!.tokenizer);
    const depths = Array.from({ length: 10 }, (_, index) => makeCase({ task: 'passkey', length: 4000, index }, own).depth!);
    for (const [i, depth] of depths.entries()) expect(Math.abs(depth - (i + 0.5) / 10)).toBeLessThan(0.03);
  });

  test('needles among others: the asked key is told apart, its value is the only right one', () => {
    const c = makeCase({ task: 'niah_multikey', length: 1500, index: 3 }, source(tokenizers[0]!.tokenizer)) as AnswerCase;
    const facts = [...c.document.matchAll(/magic numbers for (\w+) is: (\d+)\./g)];
    expect(facts.length).toBe(4);
    const [asked] = facts.filter(([, key]) => c.question.includes(key!));
    expect([c.references, new Set(facts.map(([, key]) => key)).size]).toEqual([[asked?.[2]], 4]);
  });

  test('key-value documents are JSON of as many pairs as fit', () => {
    const c = makeCase({ task: 'kv', length: 3000, index: 5 }, source(tokenizers[1]!.tokenizer)) as AnswerCase;
    const pairs = JSON.parse(c.document.slice(c.document.indexOf('{'))) as Record<string, string>;
    const key = /Key: "([^"]+)"/.exec(c.question)?.[1] ?? '';
    expect(pairs[key]).toBe(c.references[0]);
    expect(Object.keys(pairs).length).toBeGreaterThan(2700 / 90);
  });

  test('perplexity foresees the same text at every length: only what stands before it grows', () => {
    const own = source(tokenizers[0]!.tokenizer);
    const [short, long] = [600, 1800].map((length) => makeCase({ task: 'ppl', length, index: 2 }, own));
    if (short?.kind !== 'perplexity' || long?.kind !== 'perplexity') throw new Error('no perplexity');
    expect(long.continuation).toBe(short.continuation);
    expect(long.context.endsWith(short.context.slice(200))).toBe(true);
  });

  test.each(madeTasks)('%s: a length that is too short is refused with its remedy', (task) => {
    expect(() => makeCase({ task, length: task === 'ppl' ? 32 : 40, index: 0 }, source(tokenizers[1]!.tokenizer))).toThrow(expect.objectContaining({ code: 'R601', remedy: 'choose a longer length' }));
  });

  test('plans go from the shortest length up, and a made case is made once', () => {
    const plans = plansOf(['passkey', 'ppl'], [64, 32], 1, []);
    expect(plans.map((p) => `${p.task} ${p.length ?? ''}`)).toEqual(['passkey 32', 'ppl 32', 'passkey 64', 'ppl 64']);
    const make = caseMaker(source(tokenizers[0]!.tokenizer));
    expect(make({ task: 'passkey', length: 500, index: 0 })).toBe(make({ task: 'passkey', length: 500, index: 0 }));
  });
});

describe('templates', () => {
  test('a file words a part of a task, the rest stays usual', () => {
    const { tasks, kv } = templatesFrom('{"tasks":{"number":{"fact":" {key}: {value}."}}}', 'eval.json');
    expect([tasks.number.fact, tasks.number.digits, tasks.passkey.digits]).toEqual([' {key}: {value}.', 10, 5]);
    expect(kv.maxTokens).toBe(64);
  });

  test.each([
    ['{', 'eval.json: this is not JSON; correct it, or leave it out for the usual wording'],
    ['{"tasks":{"number":{"digits":0}}}', 'eval.json: tasks.number.digits: Too small: expected number to be >=1; correct it, or leave it out for the usual wording'],
    ['{"task":{}}', 'eval.json: the file: Unrecognized key: "task"; correct it, or leave it out for the usual wording'],
  ])('%s is refused', (text, message) => expect(() => templatesFrom(text, 'eval.json')).toThrow(expect.objectContaining({ code: 'R602', message })));
});
