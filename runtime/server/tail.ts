/** Whether a text has at most so many tokens. */
export type Fits = (text: string, most: number) => boolean;

/**
 * The test a tokenizer makes. A text of more than 32 characters a token is not encoded: only long runs of blanks and
 * rules come near that, and a book is not to be encoded for a yes or no.
 */
export const fitsBy = (encode: (text: string) => readonly number[]): Fits => (text, most) => text.length <= 32 * most && encode(text).length <= most;

/** A long prompt in two: what is read as the document, and what is asked about it. */
export interface Split { readonly head: string; readonly tail: string }

/**
 * Cuts the question off the end of a prompt. The tail is the last paragraph (blank lines part paragraphs) with as many
 * paragraphs before it as keep it short, a quarter of `most` tokens, so that a bare "Answer:" brings its question along.
 * A last paragraph of more than `most` tokens is cut between lines by the same rule, a last line of more than that
 * between words. White space at the border belongs to the tail: it parts every chunk from the question.
 */
export function questionTail(text: string, most: number, fits: Fits): Split {
  const end = text.trimEnd().length;
  const start = backFrom(text, borders(text, end, /\n[^\S\n]*\n\s*/g), most, fits) ?? backFrom(text, borders(text, end, /\n\s*/g), most, fits);
  return start === undefined ? lastTokens(text, most, fits) : cut(text, start);
}

/** The longest tail of at most `most` tokens that begins between words, or inside one longer than that. */
export function lastTokens(text: string, most: number, fits: Fits): Split {
  let [low, high] = [Math.max(0, text.length - 32 * most), text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(text.slice(middle), most)) high = middle;
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
function backFrom(text: string, starts: readonly number[], most: number, fits: Fits): number | undefined {
  const [last, ...before] = starts;
  if (last === undefined || !fits(text.slice(last), most)) return undefined;
  let start = last;
  for (const border of before) {
    if (!fits(text.slice(border), most / 4)) break;
    start = border;
  }
  return start;
}
