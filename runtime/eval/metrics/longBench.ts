import { commonLength } from './commonSubsequence.js';

/** Share of the numbers said that are the right one: LongBench's `count`. */
export function countScore(prediction: string, reference: string): number {
  const numbers = prediction.match(/\d+/g) ?? [];
  return numbers.length === 0 ? 0 : numbers.filter((n) => n === reference).length / numbers.length;
}

/** Share of the numbers said that are the right paragraph's ("Paragraph 12", "段落12"): LongBench's `retrieval`. */
export function paragraphScore(prediction: string, reference: string): number {
  const paragraph = /(?:Paragraph |段落)(\d+)/.exec(reference)?.[1];
  return paragraph === undefined ? 0 : countScore(prediction, paragraph);
}

/**
 * LongBench's `classification`: 1 over the number of classes named, if the right one is among them. Classes that are part
 * of the right one's name are taken away; of two such in a row the published code leaves the second, and so does this.
 */
export function classificationScore(prediction: string, reference: string, classes: readonly string[]): number {
  const named = classes.filter((name) => prediction.includes(name));
  for (let i = 0; i < named.length; i++) {
    const name = named[i]!;
    if (reference.includes(name) && name !== reference) named.splice(named.indexOf(name), 1);
  }
  return named.includes(reference) ? 1 / named.length : 0;
}

/** LongBench's `code_sim`: edit similarity of the first line that is neither a comment nor a fence, in whole hundredths. */
export function codeSimilarity(prediction: string, reference: string): number {
  const line = prediction.replace(/^\n+/, '').split('\n').find((l) => !l.includes('`') && !l.includes('#') && !l.includes('//')) ?? '';
  return Math.round(100 * editSimilarity(line, reference)) / 100;
}

/** 1 − (insertions and deletions that turn one text into the other) / (characters of both); 1 for two empty texts. */
export function editSimilarity(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  return x.length + y.length === 0 ? 1 : (2 * commonLength(x, y)) / (x.length + y.length);
}
