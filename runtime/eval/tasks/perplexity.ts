import { RuntimeError } from '../../error.js';
import type { Tokenizer } from '../../model/tokenizer.js';
import { drawer } from '../draw.js';
import { fitTokens } from '../fit.js';
import { type Haystack, sentencesBefore, sentencesFrom } from '../haystack.js';
import { slackOf } from '../hide.js';
import type { CasePlan, PerplexityCase } from './task.js';

/** What a case of perplexity is made from. `predicted`: how many tokens at the end are to be foreseen. */
export interface PerplexitySource { readonly tokenizer: Tokenizer; readonly haystack: Haystack; readonly seed: number; readonly predicted: number }

/**
 * An excerpt of `length` tokens, BOS included, whose last `predicted` ones are to be foreseen from those before. Cases of
 * one number foresee the same text at every length: only what stands before it grows. Throws R601 where the length is too short.
 */
export function perplexityCase(plan: CasePlan & { readonly length: number }, { tokenizer, haystack, seed, predicted }: PerplexitySource): PerplexityCase {
  // Late in the text, so that as much as possible of it can stand before.
  const late = Math.floor((haystack.sentences.length * 3) / 4);
  const border = late + drawer(seed, 'ppl', plan.index).below(haystack.sentences.length - late);
  const before = plan.length - predicted - (tokenizer.bosId === undefined ? 0 : 1);
  const following = sentencesFrom(haystack, border, predicted + 64).sentences.join('');
  const rest = fitTokens(tokenizer, { head: '', tail: following, end: '', tokens: predicted });
  if (rest.kind === 'off') throw new RuntimeError('R601', `no ${predicted} tokens can be cut from the haystack to be foreseen`, { remedy: 'give another haystack or another number of tokens' });
  return { ...plan, kind: 'perplexity', depth: undefined, context: contextBefore(tokenizer, haystack, border, before), continuation: rest.text };
}

/** Exactly `tokens` tokens that end before sentence number `border`: a beginning of one sentence or some, then whole ones. */
function contextBefore(tokenizer: Tokenizer, haystack: Haystack, border: number, tokens: number): string {
  const slack = slackOf(tokens);
  let aim = tokens;
  for (let attempt = 0; attempt < 8 && aim > 0; attempt++) {
    const { sentences, counts } = sentencesBefore(haystack, border, aim + slack);
    const solid = solidFrom(counts, Math.max(0, aim - Math.min(slack, aim / 4)));
    const made = fitTokens(tokenizer, { head: '', tail: sentences.slice(0, solid).join(''), end: sentences.slice(solid).join(''), tokens });
    if (made.kind === 'whole') return made.text;
    aim += tokens - made.tokens;
  }
  throw new RuntimeError('R601', `${tokens} tokens are too few to stand before a text that is to be foreseen`, { remedy: 'choose a longer length' });
}

/** The first sentence from which on all count at most `most` tokens. */
function solidFrom(counts: readonly number[], most: number): number {
  let [first, total] = [counts.length, 0];
  while (first > 0 && total + counts[first - 1]! <= most) total += counts[--first]!;
  return first;
}
