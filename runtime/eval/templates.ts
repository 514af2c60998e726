import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RuntimeError } from '../error.js';
import { firstNames } from './firstNames.js';

/** Tasks that hide facts in a text; the last four are RULER's kinds of needles. */
export const needleTasks = ['passkey', 'number', 'niah_single', 'niah_multikey', 'niah_multivalue', 'niah_multiquery'] as const;
export type NeedleTask = (typeof needleTasks)[number];

const needle = z.strictObject({
  before: z.string(), fact: z.string(), question: z.string(),
  keys: z.union([z.literal('uuid'), z.array(z.string().min(1)).min(1)]), digits: z.int().min(1).max(15), maxTokens: z.int().min(1),
});
const pairs = z.strictObject({ before: z.string(), question: z.string(), maxTokens: z.int().min(1) });
const dataset = z.strictObject({ before: z.string(), question: z.string(), maxTokens: z.int().min(1) });
const whole = z.int().min(1).optional();
const parallelComp = z.strictObject({ keepChunks: whole, capacity: whole, chunkTokens: whole, chunkCut: z.enum(['even', 'fixed']).optional(), observationRows: whole, pool: whole, threshold: z.number().optional(), edge: z.int().min(0).optional(), queryBos: z.boolean().optional() });

const given = z.strictObject({
  tasks: z.partialRecord(z.enum(needleTasks), needle.partial()).default({}),
  kv: pairs.partial().default({}),
  datasets: z.record(z.string(), dataset.partial()).default({}),
  parallelComp: parallelComp.default({}),
});

/**
 * How a fact is worded and asked for. `before` begins the document; `fact` and `question` hold {key} and {value}, `question`
 * of several facts {keys}. `keys`: what facts are told apart by; `digits`: of the value.
 */
export type NeedleTemplate = z.infer<typeof needle>;
/** The same for pairs in JSON. */
export type PairsTemplate = z.infer<typeof pairs>;
/** Prompt of a published dataset; both texts hold names of its fields in braces. The context itself stands in `before` as {context}. */
export type DatasetTemplate = z.infer<typeof dataset>;

/** Wording of every task, and the options of ParallelComp that suit the model. */
export interface Templates {
  readonly tasks: Readonly<Record<NeedleTask, NeedleTemplate>>;
  readonly kv: PairsTemplate;
  /** Over the prompts that this package brings, by dataset. */
  readonly datasets: Readonly<Record<string, Partial<DatasetTemplate>>>;
  readonly parallelComp: z.infer<typeof parallelComp>;
}

/**
 * Wording for a model: the given file's, else that of eval.json in its directory, else the usual one; a file may say a part
 * of it. Throws R405 for a file that cannot be read, R602 for one that is no template.
 */
export async function readTemplates(modelDir: string, file: string | undefined): Promise<Templates> {
  const path = file ?? join(modelDir, 'eval.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (file === undefined) return '{}';
    throw new RuntimeError('R405', 'the template cannot be read', { where: path, remedy: 'give the path of a JSON file', cause });
  });
  return templatesFrom(text, path);
}

/** {@link readTemplates} on a file's text. */
export function templatesFrom(text: string, where: string): Templates {
  const parsed = given.safeParse(jsonOf(text, where));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RuntimeError('R602', `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'wrong'}`, { where, remedy: 'correct it, or leave it out for the usual wording' });
  }
  const { tasks, kv, datasets, parallelComp } = parsed.data;
  const merged = Object.fromEntries(needleTasks.map((task) => [task, { ...usual[task], ...set(tasks[task] ?? {}) }])) as Record<NeedleTask, NeedleTemplate>;
  return { tasks: merged, kv: { ...usualPairs, ...set(kv) }, datasets: Object.fromEntries(Object.entries(datasets).map(([name, t]) => [name, set(t)])), parallelComp };
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RuntimeError('R602', 'this is not JSON', { where, remedy: 'correct it, or leave it out for the usual wording', cause });
  }
}

/** Without what is undefined. */
const set = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } => Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };

const search = 'One short fact is hidden somewhere in the long text below. Find it and keep it in mind: you will be asked for it.\n\n';
const several = 'Some short facts are hidden in the long text below. Find them and keep them in mind: you will be asked for them.\n\n';
const magic = { before: several, fact: ' One of the special magic numbers for {key} is: {value}.', keys: firstNames, digits: 7, maxTokens: 64 } as const;

const usual: Readonly<Record<NeedleTask, NeedleTemplate>> = {
  passkey: { before: search, fact: ' The pass key is {value}. Remember it. {value} is the pass key.', question: '\n\nWhat is the pass key? The pass key is', keys: [''], digits: 5, maxTokens: 8 },
  number: { before: search, fact: ' The sequence of digits is {value}. Remember it. {value} is the sequence of digits.', question: '\n\nWhat is the sequence of digits? The sequence of digits is', keys: [''], digits: 10, maxTokens: 16 },
  niah_single: { ...magic, before: search, keys: [...firstNames], question: '\n\nWhat is the special magic number for {key} in the text above? The special magic number for {key} is', maxTokens: 16 },
  niah_multikey: { ...magic, keys: [...firstNames], question: '\n\nWhat is the special magic number for {key} in the text above? The special magic number for {key} is', maxTokens: 16 },
  niah_multivalue: { ...magic, keys: [...firstNames], question: '\n\nWhat are all the special magic numbers for {key} in the text above? The special magic numbers for {key} are' },
  niah_multiquery: { ...magic, keys: [...firstNames], question: '\n\nWhat are the special magic numbers for {keys} in the text above? The special magic numbers for {keys} are' },
};

const usualPairs: PairsTemplate = {
  before: 'Below is a JSON object. Find the value that belongs to the key you will be asked for.\n\n', question: '\n\nKey: "{key}"\nThe value of this key is "', maxTokens: 64,
};
