import type { Tokenizer } from '../../model/tokenizer.js';
import { type Drawer, drawer } from '../draw.js';
import type { Haystack } from '../haystack.js';
import { hide, type Needle } from '../hide.js';
import type { Metric } from '../metrics/metric.js';
import type { NeedleTask, NeedleTemplate } from '../templates.js';
import type { AnswerCase, CasePlan } from './task.js';

/** How many facts there are: of so many keys, so many values each, and so many keys are asked for. */
interface Shape { readonly keys: number; readonly values: number; readonly asked: number; readonly metric: Metric }

const shapes: Readonly<Record<NeedleTask, Shape>> = {
  passkey: { keys: 1, values: 1, asked: 1, metric: 'firstNumber' },
  number: { keys: 1, values: 1, asked: 1, metric: 'firstNumber' },
  niah_single: { keys: 1, values: 1, asked: 1, metric: 'allSaid' },
  niah_multikey: { keys: 4, values: 1, asked: 1, metric: 'allSaid' },
  niah_multivalue: { keys: 1, values: 4, asked: 1, metric: 'allSaid' },
  niah_multiquery: { keys: 4, values: 1, asked: 4, metric: 'allSaid' },
};

interface Fact { readonly key: string; readonly value: string; readonly asked: boolean }

/** What a case of a task that hides facts is made from. `questionTokens`: of a question as it is asked; `cases`: how many share the sweep over depths. */
export interface NeedleSource { readonly tokenizer: Tokenizer; readonly questionTokens: (question: string) => number; readonly haystack: Haystack; readonly template: NeedleTemplate; readonly seed: number; readonly cases: number }

/**
 * A case of `length` tokens in all. The first fact asked for lies at depth (i + ½) / cases, the others where a draw puts
 * them; haystack, keys and values are drawn too. Throws R601 where the length is too short.
 */
export function needleCase(task: NeedleTask, plan: CasePlan & { readonly length: number }, { tokenizer, questionTokens, haystack, template, seed, cases }: NeedleSource): AnswerCase {
  const draw = drawer(seed, task, plan.length, plan.index);
  const shape = shapes[task];
  const first = draw.below(haystack.sentences.length);
  const facts = drawFacts(draw, shape, template);
  const asked = facts.filter((fact) => fact.asked);
  const depth = (plan.index + 0.5) / cases;
  const needles = facts.map((fact): Needle => ({ text: filled(template.fact, fact), depth: fact === asked[0] ? depth : draw.uniform() }));
  const keys = [...new Set(asked.map((fact) => fact.key))];
  const question = filled(template.question, { key: keys[0] ?? '', keys: listed(keys) });
  const around = (tokenizer.bosId === undefined ? 0 : 1) + questionTokens(question) + template.maxTokens;
  const document = hide(tokenizer, haystack, { before: template.before, needles, first, tokens: plan.length - around });
  return {
    ...plan, kind: 'answer', document, question, maxTokens: template.maxTokens, metric: shape.metric,
    depth: document.indexOf(needles[facts.indexOf(asked[0]!)]!.text) / document.length,
    references: asked.map((fact) => fact.value), classes: [], firstLine: false,
  };
}

function drawFacts(draw: Drawer, { keys, values, asked }: Shape, { keys: from, digits }: NeedleTemplate): readonly Fact[] {
  const names = from === 'uuid' ? Array.from({ length: keys }, () => draw.uuid()) : draw.choose(from, keys);
  return names.flatMap((key, i) => Array.from({ length: values }, () => ({ key, value: draw.digits(digits), asked: i < asked })));
}

/** A template with its places filled. */
export const filled = (template: string, values: object): string =>
  template.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String((values as Record<string, unknown>)[name]) : place));

const listed = (items: readonly string[]): string => (items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`);
