/** How many tokens a text has; undefined where they are more than `most`. */
export type Count = (text: string, most: number) => number | undefined;

/** More characters than this has hardly a token: only long runs of blanks and rules come near it. */
const longestToken = 32;
/** More than most tokens have. */
const usualToken = 8;

/** Counts by a tokenizer. A book is not encoded for a yes or no: its beginning, if that says no, or its length alone. */
export const countBy = (encode: (text: string) => readonly number[]): Count => (text, most) => {
  if (text.length > longestToken * most) return undefined;
  // A cut changes a few tokens at its place.
  if (text.length > usualToken * most && encode(text.slice(0, usualToken * most)).length > most + 8) return undefined;
  const tokens = encode(text).length;
  return tokens <= most ? tokens : undefined;
};

/** A long prompt in two: what is read as the document, and what is asked about it. */
export interface Split { readonly head: string; readonly tail: string }

/**
 * Cuts the question off the end of a prompt. The tail is the last paragraph (blank lines part paragraphs) with as many
 * paragraphs before it as keep it short, a quarter of `most` tokens, so that a bare "Answer:" brings its question along.
 * A last paragraph of more than `most` tokens is cut between lines by the same rule, a last line of more than that
 * between words. White space at the border belongs to the tail: it parts every chunk from the question.
 */
export function questionTail(text: string, most: number, count: Count): Split {
  const end = text.trimEnd().length;
  const start = backFrom(text, borders(text, end, /\n[^\S\n]*\n\s*/g), most, count) ?? backFrom(text, borders(text, end, /\n\s*/g), most, count);
  return start === undefined ? lastTokens(text, most, count) : cut(text, start);
}

/** The longest tail of at most `most` tokens that begins between words, or inside one longer than that. */
export function lastTokens(text: string, most: number, count: Count): Split {
  let [low, high] = [Math.max(0, text.length - longestToken * most), text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (count(text.slice(middle), most) !== undefined) high = middle;
    else low = middle + 1;
  }
  if (low === 0) return cut(text, 0);
  const word = /(?<=\S)\s/g;
  word.lastIndex = low;
  const border = word.exec(text)?.index;
  const inPair = /[\uDC00-\uDFFF]/.test(text[low] ?? '') ? 1 : 0;
  return cut(text, border !== undefined && text.slice(border).trim() !== '' ? border : low + inPair);
}

const cut = (text: string, start: number): Split => ({ head: text.slice(0, start), tail: text.slice(start) });

/** Where separators begin, last first. */
const borders = (text: string, end: number, separator: RegExp): readonly number[] => [...text.slice(0, end).matchAll(separator)].map((m) => m.index).reverse();

/** The border of the last part and of those before it that still make a short tail; undefined where the last part is too long already. */
function backFrom(text: string, starts: readonly number[], most: number, count: Count): number | undefined {
  const [last, ...before] = starts;
  if (last === undefined || count(text.slice(last), most) === undefined) return undefined;
  let start = last;
  for (const border of before) {
    if (count(text.slice(border), most / 4) === undefined) break;
    start = border;
  }
  return start;
}
