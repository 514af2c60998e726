import { chineseWords, normalized, normalizedChinese, words } from './normalize.js';

/** Harmonic mean of precision and recall of two bags of tokens, 0…1; 0 where they share none. */
export function f1(prediction: readonly string[], reference: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of reference) left.set(token, (left.get(token) ?? 0) + 1);
  let same = 0;
  for (const token of prediction) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    same++;
  }
  return same === 0 ? 0 : (2 * same) / (prediction.length + reference.length);
}

/** Token F1 of question answering: LongBench's `qa_f1`, InfiniteBench's `longbook_qa_eng`. */
export const qaF1 = (prediction: string, reference: string): number => f1(words(normalized(prediction)), words(normalized(reference)));

/** LongBench's `qa_f1` for Chinese, over words. */
export function qaF1Chinese(prediction: string, reference: string): number {
  const tokens = (text: string): readonly string[] => chineseWords(text).map(normalizedChinese).filter((word) => word !== '');
  return f1(tokens(prediction), tokens(reference));
}

/** InfiniteBench's F1 for Chinese, over characters. */
export const qaF1Characters = (prediction: string, reference: string): number => f1([...normalizedChinese(prediction)], [...normalizedChinese(reference)]);
