import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { memoTokenizer } from '../../../runtime/eval/memoTokenizer.js';
import { tokenizers } from './tokenizers.js';

const texts = fc.array(fc.constantFrom('', 'one', 'two words', 'naïve café'), { maxLength: 12 });

test.prop([fc.constantFrom(...tokenizers), texts, texts])('gives the ids of the tokenizer it stands for, and cuts what it keeps no more', ({ tokenizer }, kept, asked) => {
  const cut: string[] = [];
  const memo = memoTokenizer({ ...tokenizer, encode: (text) => { cut.push(text); return tokenizer.encode(text); } });
  for (const text of kept) {
    // What was cut last is not cut again to be kept.
    memo.encode(text).fill(-1);
    memo.keep(text);
  }
  expect(cut.length).toBe(new Set(kept).size);
  for (const text of asked) expect(memo.encode(text)).toEqual(tokenizer.encode(text));
  expect(cut.slice(new Set(kept).size)).toEqual(asked.filter((text) => !kept.includes(text)));
});
