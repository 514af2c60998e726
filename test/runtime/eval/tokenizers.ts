import { fileURLToPath } from 'node:url';
import { readTokenizer, type Tokenizer } from '../../../runtime/model/tokenizer.js';

/** Tokenizers that differ in what a text's length depends on: byte-level BPE, characters, and one that marks every beginning and merges across blanks. */
export const tokenizers: readonly { readonly name: string; readonly tokenizer: Tokenizer }[] = [
  { name: 'bookworm', tokenizer: await readTokenizer(fileURLToPath(new URL('../../../examples/bookworm', import.meta.url)), { bosId: 0 }) },
  { name: 'characters', tokenizer: { bosId: undefined, encode: (text) => [...text].map((c) => c.codePointAt(0) ?? 0), decode: (ids) => String.fromCodePoint(...ids) } },
  { name: 'pairs', tokenizer: { bosId: 0, encode: (text) => (text === '' ? [] : [1, ...(text.match(/../gsu) ?? []).map((_, i) => i)]), decode: () => '' } },
];
