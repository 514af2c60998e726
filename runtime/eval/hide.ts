import { RuntimeError } from '../error.js';
import type { Tokenizer } from '../model/tokenizer.js';
import { fitTokens } from './fit.js';
import { type Haystack, sentencesFrom } from './haystack.js';

/** A sentence to hide, and how deep: 0 is the beginning, 1 the end. */
export interface Needle { readonly text: string; readonly depth: number }

/** What to make: `before`, then sentences of the haystack from number `first` on with the needles between them. */
export interface Hiding { readonly before: string; readonly needles: readonly Needle[]; readonly first: number; readonly tokens: number }

/** Tokens behind the last needle that are kept for making the count exact, and as many beyond the end to choose from: more than what counting by sentences is wrong by. */
export const slackOf = (tokens: number): number => Math.max(48, Math.ceil(tokens / 256));

/** A text of exactly `tokens` tokens with the needles in it, each between two sentences. Throws R601 where they do not fit in. */
export function hide(tokenizer: Tokenizer, haystack: Haystack, { before, needles, first, tokens }: Hiding): string {
  const fixed = tokenizer.encode(before).length + needles.reduce((n, needle) => n + tokenizer.encode(needle.text).length, 0);
  const slack = slackOf(tokens);
  let aim = tokens - fixed;
  for (let attempt = 0; attempt < 8 && aim > 0; attempt++) {
    const room = Math.min(slack, Math.floor(aim / 4));
    const { sentences, counts } = sentencesFrom(haystack, first, aim + slack);
    const border = bordersAt(counts, needles.map((n) => n.depth * (aim - room)), aim - room);
    const solid = Math.max(...border.needles, border.end);
    const head = before + joined(sentences.slice(0, solid), needles.map((n, i) => ({ text: n.text, at: border.needles[i]! })));
    const made = fitTokens(tokenizer, { head, tail: sentences.slice(solid).join(''), end: '', tokens });
    if (made.kind === 'whole') return made.text;
    // Sentences alone count otherwise than in one piece: the next try aims as much lower or higher.
    aim += Math.round((tokens - made.tokens) * Math.min(1, aim / Math.max(1, made.tokens - fixed))) || (attempt % 2 === 0 ? -1 : 1) * (attempt + 1);
  }
  throw new RuntimeError('R601', `${tokens} tokens of document do not hold what is to be hidden in it, ${fixed} tokens, and some text around it`, { remedy: 'choose a longer length' });
}

/** For each place, in tokens, the number of the first sentence behind it; places lie before `end`. */
function bordersAt(counts: readonly number[], places: readonly number[], end: number): { readonly needles: readonly number[]; readonly end: number } {
  const sums = [0];
  for (const count of counts) sums.push(sums.at(-1)! + count);
  const last = Math.max(0, sums.findLastIndex((sum) => sum <= end));
  const nearest = (place: number): number => {
    const above = Math.max(0, sums.findIndex((sum) => sum >= place));
    return above > 0 && place - sums[above - 1]! < sums[above]! - place ? above - 1 : above;
  };
  return { needles: places.map((place) => Math.min(last, nearest(place))), end: last };
}

function joined(sentences: readonly string[], needles: readonly { readonly text: string; readonly at: number }[]): string {
  const hidden = (at: number): string => needles.filter((n) => n.at === at).map((n) => n.text).join('');
  return sentences.map((sentence, i) => hidden(i) + sentence).join('') + hidden(sentences.length);
}
