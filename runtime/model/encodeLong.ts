import { setImmediate } from 'node:timers/promises';
import { spanned } from '../spans.js';
import type { Tokenizer } from './tokenizer.js';

/** Characters that are encoded without a pause: some ten milliseconds' worth. */
const atOnce = 2 ** 15;

/** Ids of a text of any length. Pauses where the text may be cut, so that an abort is heard and others have their turn. */
export async function encodeLong({ encode, border }: Pick<Tokenizer, 'encode' | 'border'>, text: string, signal?: AbortSignal, size = atOnce): Promise<readonly number[]> {
  if (border === undefined || text.length <= size) return encode(text);
  const pieces: (readonly number[])[] = [];
  for (let from = 0; from < text.length;) {
    const to = nextBorder(text, border, from + size);
    pieces.push(spanned('tokenize', `${to - from} characters`, () => encode(text.slice(from, to))));
    from = to;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return pieces.flat();
}

/** The first border from a place on; the end of the text where there is none. */
export function nextBorder(text: string, border: RegExp, from: number): number {
  const search = new RegExp(border, border.flags);
  search.lastIndex = from;
  return search.exec(text)?.index ?? text.length;
}
