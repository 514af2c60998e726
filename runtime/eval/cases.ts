import { RuntimeError } from '../error.js';
import type { Tokenizer } from '../model/tokenizer.js';
import type { Haystack } from './haystack.js';
import { needleCase } from './tasks/needles.js';
import { pairsCase } from './tasks/pairs.js';
import { perplexityCase } from './tasks/perplexity.js';
import type { AnswerCase, Case, CasePlan } from './tasks/task.js';
import { type NeedleTask, needleTasks, type Templates } from './templates.js';

/** Tasks whose cases are made on the spot, at any length. */
export const madeTasks = [...needleTasks, 'kv', 'ppl'] as const;
export type MadeTask = (typeof madeTasks)[number];

/** What the cases of a run are made from. `questionTokens`: of a question as it is asked, in a chat's words or plain; `records`: cases of dataset files. */
export interface CaseSource {
  readonly tokenizer: Tokenizer;
  readonly questionTokens: (question: string) => number;
  readonly haystack: Haystack;
  readonly templates: Templates;
  readonly seed: number;
  readonly cases: number;
  readonly predicted: number;
  readonly records: readonly AnswerCase[];
}

/** Plans of all cases of a run: lengths from the shortest, at each all tasks; then the records of files. */
export function plansOf(tasks: readonly MadeTask[], lengths: readonly number[], cases: number, records: readonly AnswerCase[]): readonly CasePlan[] {
  const made = lengths.toSorted((a, b) => a - b).flatMap((length) => tasks.flatMap((task) => Array.from({ length: cases }, (_, index) => ({ task, length, index }))));
  return [...made, ...records.map(({ task, length, index }) => ({ task, length, index }))];
}

/** Makes the case of a plan: the same one each time. Throws R601 where its length is too short. */
export function makeCase({ task, length, index }: CasePlan, source: CaseSource): Case {
  if (length === undefined) {
    const record = source.records.find((r) => r.task === task && r.index === index);
    if (record === undefined) throw new RuntimeError('R603', `there is no record ${index} of '${task}'`);
    return record;
  }
  const plan = { task, length, index };
  if (isNeedle(task)) return needleCase(task, plan, { ...source, template: source.templates.tasks[task] });
  return task === 'kv' ? pairsCase(plan, { ...source, template: source.templates.kv }) : perplexityCase(plan, source);
}

const isNeedle = (task: string): task is NeedleTask => (needleTasks as readonly string[]).includes(task);

/** Made cases are kept while their texts have at most so many characters, so that the next method need not make them again. */
const keptCharacters = 3e8;

/** {@link makeCase} with a memory. `onKept`: told the document or context of each case that stays. */
export function caseMaker(source: CaseSource, onKept: (text: string) => void = () => {}): (plan: CasePlan) => Case {
  const made = new Map<string, Case>();
  let characters = 0;
  return (plan) => {
    const key = `${plan.task} ${plan.length ?? ''} ${plan.index}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = makeCase(plan, source);
    const text = fresh.kind === 'answer' ? fresh.document : fresh.context;
    characters += text.length;
    if (characters <= keptCharacters) {
      made.set(key, fresh);
      onKept(text);
    }
    return fresh;
  };
}
