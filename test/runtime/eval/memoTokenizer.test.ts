import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { memoTokenizer } from '../../../runtime/eval/memoTokenizer.js';
import type { Tokenizer } from '../../../runtime/model/tokenizer.js';
import { tokenizers } from './tokenizers.js';

/** A memo over a tokenizer, and all that the tokenizer had to cut. */
function counted(tokenizer: Tokenizer) {
  const cut: string[] = [];
  return { cut, memo: memoTokenizer({ ...tokenizer, encode: (text) => { cut.push(text); return tokenizer.encode(text); } }) };
}

const texts = fc.array(fc.constantFrom('', 'one', 'two words', 'naïve café'), { maxLength: 12 });

test.prop([fc.constantFrom(...tokenizers), texts, texts])('gives the ids of the tokenizer it stands for, and cuts what it keeps no more', ({ tokenizer }, kept, asked) => {
  const { cut, memo } = counted(tokenizer);
  for (const text of kept) memo.keep(text);
  expect(cut.length).toBe(new Set(kept).size);
  for (const text of asked) {
    expect(memo.encode(text)).toEqual(tokenizer.encode(text));
    // What it gives is the asker's own.
    memo.encode(text).fill(-1);
  }
  expect(cut.slice(new Set(kept).size)).toEqual(asked.filter((text) => !kept.includes(text)).flatMap((text) => [text, text]));
});

const long = 'It rained, and 1812 came: naïve “cafés” closed! '.repeat(1200);

test.prop([fc.constantFrom(...tokenizers), fc.nat(long.length), fc.constantFrom('', ' and more', 'x')], { numRuns: 15 })('of long texts that begin alike the beginning is cut once, and their ids are those of the whole', ({ tokenizer }, at, end) => {
  const { cut, memo } = counted(tokenizer);
  memo.encode(long);
  const before = cut.length;
  const text = long.slice(0, at) + end;
  expect(memo.encode(text)).toEqual(tokenizer.encode(text));
  if (text.length > 2 ** 14 && tokenizer.border !== undefined) expect(cut.length - before).toBeLessThanOrEqual(1);
  memo.keep(long);
  expect(memo.encode(long)).toEqual(tokenizer.encode(long));
});
