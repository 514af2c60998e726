import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { RuntimeError } from '../../error.js';
import type { DatasetTemplate, Templates } from '../templates.js';
import { infiniteBench } from './infiniteBench.js';
import { type DatasetTask, longBench } from './longBench.js';
import { filled } from './needles.js';
import type { AnswerCase } from './task.js';

/** Fields of LongBench v1. */
const longBenchRecord = z.looseObject({
  input: z.string(), context: z.string(), answers: z.array(z.string()).min(1), dataset: z.string(), all_classes: z.array(z.string()).nullish(),
});
const scalar = z.union([z.string(), z.number()]);
/** Fields of InfiniteBench. */
const infiniteBenchRecord = z.looseObject({
  context: z.string(), input: z.string().default(''), answer: z.union([scalar, z.array(scalar)]), options: z.union([z.array(scalar), z.string()]).nullish(),
});

/** A file of records. `task`: InfiniteBench's name of it where the file's own name does not say. */
export interface DataFile { readonly path: string; readonly task: string | undefined }

/** `kv_retrieval=my.jsonl`, or a path alone. */
export function parseDataFile(text: string): DataFile {
  const [, task, path] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  return { path: path ?? text, task };
}

/**
 * Cases of a file in the published form of LongBench v1 (field `dataset` names the task) or InfiniteBench (the file does),
 * the first `limit` records of it. Throws R405 for a file that cannot be read, R603 for a record that is wrong.
 */
export async function readDataset({ path, task }: DataFile, templates: Templates, limit: number): Promise<readonly AnswerCase[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RuntimeError('R405', 'the dataset cannot be read', { where: path, remedy: 'give the path of a JSONL file', cause });
  });
  const lines = text.split('\n').map((line, i) => ({ line, where: `${path}:${i + 1}` })).filter(({ line }) => line.trim() !== '').slice(0, limit);
  if (lines.length === 0) throw new RuntimeError('R603', 'the dataset has no records', { where: path, remedy: 'give a JSONL file with one record a line' });
  return lines.map(({ line, where }, index) => caseOf(parse(line, where), { index, name: task ?? basename(path).replace(/\.jsonl?$/, ''), templates, where }));
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RuntimeError('R603', 'this line is not JSON', { where, remedy: 'put one record on a line', cause });
  }
}

interface RecordPlace { readonly index: number; readonly name: string; readonly templates: Templates; readonly where: string }

function caseOf(record: unknown, place: RecordPlace): AnswerCase {
  const long = longBenchRecord.safeParse(record);
  if (long.success) {
    const { dataset, answers, all_classes } = long.data;
    // The files of LongBench-E have the same records under the same names.
    return made(dataset, taskNamed(dataset, longBench, place), long.data, answers, all_classes ?? [], place);
  }
  const infinite = infiniteBenchRecord.safeParse(record);
  if (!infinite.success) {
    const isLong = typeof record === 'object' && record !== null && 'dataset' in record;
    const issue = (isLong ? long : infinite).error.issues[0];
    throw new RuntimeError('R603', `${issue?.path.join('.') || 'the record'}: ${issue?.message ?? 'wrong'}`, { where: place.where, remedy: 'LongBench needs input, context, answers and dataset; InfiniteBench context, input and answer' });
  }
  const { answer, options } = infinite.data;
  const choices = Array.isArray(options) ? options.map(String) : [];
  const references = withLetter((Array.isArray(answer) ? answer : [answer]).map(String), choices);
  return made(place.name, taskNamed(place.name, infiniteBench, place), { ...infinite.data, ...lettered(choices) }, references, [], place);
}

function taskNamed(name: string, tasks: Readonly<Record<string, DatasetTask>>, { where }: RecordPlace): DatasetTask {
  const task = tasks[name];
  if (task !== undefined) return task;
  const infinite = tasks === infiniteBench;
  throw new RuntimeError('R603', `'${name}' is no dataset of ${infinite ? 'InfiniteBench' : 'LongBench'}`, { where, remedy: `${infinite ? 'name the task in front, as in kv_retrieval=FILE' : 'correct its field `dataset`'}; there are ${Object.keys(tasks).join(', ')}` });
}

function made(name: string, task: DatasetTask, fields: object, references: readonly string[], classes: readonly string[], { index, templates }: RecordPlace): AnswerCase {
  const template: DatasetTemplate = { before: task.before, question: task.question, maxTokens: task.maxTokens, ...templates.datasets[name] };
  return {
    kind: 'answer', task: name, length: undefined, index, depth: undefined, document: filled(template.before, fields), question: filled(template.question, fields),
    maxTokens: template.maxTokens, metric: task.metric, references, classes, firstLine: task.firstLine,
  };
}

const lettered = (choices: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(choices.map((choice, i) => ['ABCD'[i] ?? '', choice]));

/** Where a question has choices, the right one's letter is right too. */
function withLetter(answers: readonly string[], choices: readonly string[]): readonly string[] {
  const at = answers.length === 1 ? choices.indexOf(answers[0] ?? '') : -1;
  const letter = 'ABCD'[at];
  return letter === undefined ? answers : [...answers, letter];
}
