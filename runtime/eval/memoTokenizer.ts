import type { Tokenizer } from '../model/tokenizer.js';

/** A tokenizer that need not cut chosen texts again: a document is asked by one method after another, and cutting it takes longer than reading it. */
export interface MemoTokenizer extends Tokenizer {
  /** Remembers the ids of a text. */
  keep(text: string): void;
}

/** {@link MemoTokenizer} over another one. The last text cut is known without cutting it again when it is to be kept. */
export function memoTokenizer(inner: Tokenizer): MemoTokenizer {
  const kept = new Map<string, Uint32Array>();
  let last: { readonly text: string; readonly ids: readonly number[] } = { text: '', ids: [] };
  const encode = (text: string): number[] => {
    const known = kept.get(text);
    if (known !== undefined) return Array.from(known);
    const ids = inner.encode(text);
    last = { text, ids: [...ids] };
    return ids;
  };
  return { ...inner, encode, keep: (text) => { if (!kept.has(text)) kept.set(text, Uint32Array.from(last.text === text ? last.ids : inner.encode(text))); } };
}
