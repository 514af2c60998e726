import { nextBorder } from '../model/encodeLong.js';
import type { Tokenizer } from '../model/tokenizer.js';

/** A tokenizer that need not cut chosen texts again: a document is asked by one method after another, and cutting it takes longer than reading it. */
export interface MemoTokenizer extends Tokenizer {
  /** Remembers the ids of a text. */
  keep(text: string): void;
}

interface Piece { readonly text: string; readonly ids: readonly number[] }

/** Characters of a long text's pieces, and of a text that is cut in one. */
const pieceLength = 2 ** 14;

/**
 * {@link MemoTokenizer} over another one. Two long texts in a row that begin alike have their common beginning cut once, where
 * the tokenizer knows borders, and the last of them is kept without being cut again.
 */
export function memoTokenizer(inner: Tokenizer): MemoTokenizer {
  const kept = new Map<string, Uint32Array>();
  let last: readonly Piece[] = [];
  const cut = (text: string): readonly number[] => {
    if (text.length <= pieceLength) return inner.encode(text);
    last = piecesOf(text, inner.border).map((piece, i) => (last[i]?.text === piece ? last[i] : { text: piece, ids: inner.encode(piece) }));
    return last.flatMap((piece) => piece.ids);
  };
  return {
    ...inner,
    encode: (text) => Array.from(kept.get(text) ?? cut(text)),
    keep: (text) => { if (!kept.has(text)) kept.set(text, Uint32Array.from(cut(text))); },
    // What is kept is known as a whole.
    border: undefined,
  };
}

function piecesOf(text: string, border: RegExp | undefined): readonly string[] {
  if (border === undefined) return [text];
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const to = nextBorder(text, border, from + pieceLength);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
