import { RuntimeError } from '../../error.js';
import type { Tokenizer } from '../../model/tokenizer.js';
import { drawer } from '../draw.js';
import { fitTokens } from '../fit.js';
import type { PairsTemplate } from '../templates.js';
import { filled } from './needles.js';
import type { AnswerCase, CasePlan } from './task.js';

/** What a key-value case is made from. `questionTokens`: of a question as it is asked; `cases`: how many share the sweep over depths. */
export interface PairSource { readonly tokenizer: Tokenizer; readonly questionTokens: (question: string) => number; readonly template: PairsTemplate; readonly seed: number; readonly cases: number }

interface Pair { readonly key: string; readonly value: string }

/**
 * A JSON object of UUIDs, as InfiniteBench's kv_retrieval has it, and one key to look up, at depth (i + ½) / cases. The last
 * value is as long as it takes to come to exactly `length` tokens in all. Throws R601 where the length is too short.
 */
export function pairsCase(plan: CasePlan & { readonly length: number }, { tokenizer, questionTokens, template, seed, cases }: PairSource): AnswerCase {
  const draw = drawer(seed, 'kv', plan.length, plan.index);
  const pair = (): Pair => ({ key: draw.uuid(), value: draw.uuid() });
  // A key is drawn first, so that the question's length is known; the pairs around it are drawn after.
  const wanted = pair();
  const question = filled(template.question, wanted);
  const tokens = plan.length - (tokenizer.bosId === undefined ? 0 : 1) - questionTokens(question) - template.maxTokens;
  const sample = Array.from({ length: 16 }, pair);
  const perPair = tokenizer.encode(jsonText(sample)).length / sample.length;
  const room = tokens - tokenizer.encode(template.before).length;
  // Two pairs' worth is left for the last value.
  for (let count = Math.floor(room / perPair) - 2; count >= 1; count = Math.min(count - 1, Math.floor(count * 0.99))) {
    const others = Array.from({ length: count - 1 }, (_, i) => sample[i] ?? pair());
    const at = Math.min(count - 1, Math.floor(((plan.index + 0.5) / cases) * count));
    const pairs = [...others.slice(0, at), wanted, ...others.slice(at)];
    const head = `${template.before}{${pairs.map(jsonPair).join(', ')}, "${draw.uuid()}": "`;
    const tail = Array.from({ length: 12 + Math.ceil(count / 50) }, () => draw.uuid()).join('-');
    const made = fitTokens(tokenizer, { head, tail, end: '"}', tokens });
    if (made.kind === 'off') continue;
    return {
      ...plan, kind: 'answer', document: made.text, question, maxTokens: template.maxTokens, metric: 'valueSaid',
      depth: made.text.indexOf(wanted.key) / made.text.length, references: [wanted.value], classes: [], firstLine: false,
    };
  }
  throw new RuntimeError('R601', `${tokens} tokens of document do not hold a pair of UUIDs and some beside it`, { remedy: 'choose a longer length' });
}

const jsonPair = ({ key, value }: Pair): string => `"${key}": "${value}"`;
const jsonText = (pairs: readonly Pair[]): string => `{${pairs.map(jsonPair).join(', ')}}`;
