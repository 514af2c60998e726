import type { Tokenizer } from '../../runtime/model/tokenizer.js';

/** A tokenizer for tiny models: every character is one token, ids from 2 up, and back to lower-case letters. */
export function wordTokenizer(vocabSize: number, bosId: number | undefined = 0): Tokenizer {
  return {
    bosId,
    encode: (text) => [...text].map((c) => 2 + ((c.codePointAt(0) ?? 0) % (vocabSize - 2))),
    decode: (ids) => ids.filter((id) => id >= 2).map((id) => String.fromCharCode(97 + (id % 26))).join(''),
  };
}
