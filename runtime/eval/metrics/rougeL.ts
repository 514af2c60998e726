import { commonSubsequence } from './commonSubsequence.js';
import { chineseWords, words } from './normalize.js';

/**
 * ROUGE-L of summaries as LongBench computes it (the `rouge` package): sentences end at full stops, words count once, and
 * the words of all pairs' longest common subsequences are united. F of precision and recall, 0…1; 0 for an empty text.
 */
export function rougeL(prediction: string, reference: string): number {
  const [ours, theirs] = [sentences(prediction), sentences(reference)];
  const [said, wanted] = [new Set(ours.flat()), new Set(theirs.flat())];
  if (said.size === 0 || wanted.size === 0) return 0;
  const shared = new Set(theirs.flatMap((r) => ours.flatMap((p) => commonSubsequence(r, p))));
  return (2 * shared.size) / (said.size + wanted.size);
}

/** {@link rougeL} over Chinese words. */
export const rougeLChinese = (prediction: string, reference: string): number => rougeL(chineseWords(prediction).join(' '), chineseWords(reference).join(' '));

/** A piece of blanks alone counts as one empty word, as in the published code. */
const sentences = (text: string): readonly (readonly string[])[] =>
  text.split('.').filter((piece) => piece !== '').map(words).map((sentence) => (sentence.length === 0 ? [''] : sentence));
