import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scoreOf } from '../../../runtime/eval/metrics/metric.js';
import { parseDataFile, readDataset } from '../../../runtime/eval/tasks/dataset.js';
import { infiniteBench } from '../../../runtime/eval/tasks/infiniteBench.js';
import { longBench } from '../../../runtime/eval/tasks/longBench.js';
import { templatesFrom } from '../../../runtime/eval/templates.js';

const dir = mkdtempSync(join(tmpdir(), 'warpfold-data-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const templates = templatesFrom('{}', 'none');

const write = (name: string, ...records: readonly unknown[]): string => {
  const path = join(dir, name);
  writeFileSync(path, records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r))).join('\n'));
  return path;
};
const read = (path: string, limit = 9) => readDataset(parseDataFile(path), templates, limit);
const long = (changes: object) => ({ input: 'Who?', context: 'A long {input} text.', answers: ['Ann', 'Anna'], length: 4, dataset: 'hotpotqa', language: 'en', all_classes: null, _id: 'x', ...changes });

describe('LongBench', () => {
  test('a record becomes a case: context in the document, input in the question, any answer right; braces in the data stay', async () => {
    const [c] = await read(write('hotpotqa.jsonl', long({})));
    expect(c).toMatchObject({ task: 'hotpotqa', length: undefined, index: 0, metric: 'qaF1', references: ['Ann', 'Anna'], maxTokens: 32, firstLine: false });
    expect(c?.document.endsWith('\n\nA long {input} text.')).toBe(true);
    expect(c?.question).toBe('\n\nQuestion: Who?\nAnswer:');
  });

  test('classes come from the record, and few-shot sets count the first line alone', async () => {
    const [c] = await read(write('trec.jsonl', long({ dataset: 'trec', answers: ['City'], all_classes: ['City', 'State'] })));
    expect(c).toMatchObject({ classes: ['City', 'State'], firstLine: true });
    expect(scoreOf(c!.metric, 'City or State', c!)).toBe(0.5);
  });

  test('all 21 sets have a prompt that shows the context and a metric', () => {
    expect(Object.keys(longBench).length).toBe(21);
    for (const task of Object.values(longBench)) expect(task.before).toContain('{context}');
  });

  test('only as many records as asked for are read', async () => {
    const path = write('qasper.jsonl', ...Array.from({ length: 5 }, () => long({ dataset: 'qasper' })), 'not JSON');
    expect((await read(path, 3)).map((c) => c.index)).toEqual([0, 1, 2]);
  });
});

describe('InfiniteBench', () => {
  test('the file names the task, or the command line does', async () => {
    const record = { id: 1, context: '{"a": "b"}', input: 'Key: "a"', answer: 'b' };
    expect((await read(write('kv_retrieval.jsonl', record)))[0]).toMatchObject({ task: 'kv_retrieval', metric: 'valueSaid', references: ['b'] });
    expect((await read(`kv_retrieval=${write('mine.jsonl', record)}`))[0]?.task).toBe('kv_retrieval');
  });

  test('choices are shown with letters, and the right one may be said by letter or text', async () => {
    const [c] = await read(write('longbook_choice_eng.jsonl', { id: 1, context: 'Book.', input: 'Which?', answer: ['the sea'], options: ['the hill', 'the sea', 'a', 'b'] }));
    expect(c?.question).toContain('\nA. the hill\nB. the sea\nC. a\nD. b\n');
    expect([scoreOf('choice', 'B', c!), scoreOf('choice', 'The answer is: the sea', c!), scoreOf('choice', 'A', c!)]).toEqual([1, 1, 0]);
  });

  test('numbers as answers, and lists of them', async () => {
    expect((await read(write('math_find.jsonl', { context: '1 2', input: 'The largest?', answer: 2 })))[0]?.references).toEqual(['2']);
    expect((await read(write('math_calc.jsonl', { context: '1+2', input: '', answer: [1, 3] })))[0]?.references).toEqual(['1', '3']);
  });

  test('all 12 tasks have a prompt that shows the context', () => {
    expect(Object.keys(infiniteBench).length).toBe(12);
    for (const task of Object.values(infiniteBench)) expect(task.before).toContain('{context}');
  });
});

describe('wrong files', () => {
  test.each<[string, string, readonly unknown[], RegExp]>([
    ['no JSON', 'hotpotqa.jsonl', [long({}), '{"context"'], /hotpotqa\.jsonl:2: this line is not JSON; put one record on a line$/],
    ['a dataset nobody knows', 'x.jsonl', [long({ dataset: 'hotpot' })], /x\.jsonl:1: 'hotpot' is no dataset of LongBench; correct its field `dataset`; there are narrativeqa, /],
    ['a task nobody knows', 'mine.jsonl', [{ context: 'a', input: 'b', answer: 'c' }], /mine\.jsonl:1: 'mine' is no dataset of InfiniteBench; name the task in front, as in kv_retrieval=FILE; there are passkey, /],
    ['a record without answers', 'y.jsonl', [long({ answers: [] })], /y\.jsonl:1: answers: Too small.*; LongBench needs input, context, answers and dataset; InfiniteBench context, input and answer$/],
    ['a record without context', 'passkey.jsonl', [{ input: 'b', answer: 'c' }], /passkey\.jsonl:1: context: .*; LongBench needs/],
    ['no records', 'passkey.jsonl', ['\n'], /passkey\.jsonl: the dataset has no records; give a JSONL file with one record a line$/],
  ])('%s', async (_, name, records, message) => {
    await expect(read(write(name, ...records))).rejects.toThrow(expect.objectContaining({ code: 'R603', message: expect.stringMatching(message) as string }));
  });

  test('a file that is not there', async () => expect(read(join(dir, 'absent.jsonl'))).rejects.toMatchObject({ code: 'R405' }));
});
