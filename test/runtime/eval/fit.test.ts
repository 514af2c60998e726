import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { fitTokens } from '../../../runtime/eval/fit.js';
import { haystackOf, sentencesBefore, sentencesFrom } from '../../../runtime/eval/haystack.js';
import { hide } from '../../../runtime/eval/hide.js';
import { tokenizers } from './tokenizers.js';

const prose = 'It was a fine day. Mr. Hill went out, and came home late! "Where were you?" she asked. They walked on; nothing else was said that evening.\n\nIn 1812 the naïve café closed. ';
const novel = prose.repeat(12);
const anyTokenizer = fc.constantFrom(...tokenizers);
const piece = fc.constantFrom('a b ', 'word. ', '14177', 'é', '😀', '\n\n', ', and ', 'Q: ');
const pieces = (max: number) => fc.array(piece, { maxLength: max }).map((p) => p.join(''));

describe('fitTokens', () => {
  test.prop([anyTokenizer, pieces(30), pieces(6), fc.nat(60)], { numRuns: 150 })('makes a text of exactly the tokens asked, from head, a beginning of the tail, maybe a filler, and end', ({ tokenizer }, head, end, more) => {
    const count = (text: string): number => tokenizer.encode(text).length;
    const tokens = count(head + end) + more;
    const made = fitTokens(tokenizer, { head, tail: novel, end, tokens });
    expect(made.kind).toBe('whole');
    if (made.kind !== 'whole') return;
    expect(count(made.text)).toBe(tokens);
    expect([made.text.startsWith(head), made.text.endsWith(end), !/\p{Surrogate}/u.test(made.text)]).toEqual([true, true, true]);
    const cut = made.text.slice(head.length, made.text.length - end.length);
    const shared = [...cut].findIndex((c, i) => c !== novel[i]);
    expect(shared < 0 ? 0 : cut.length - shared).toBeLessThanOrEqual(8);
  });

  test('says how far off it is where the head is too long or the tail too short', () => {
    const { tokenizer } = tokenizers[0]!;
    expect(fitTokens(tokenizer, { head: 'word '.repeat(50), tail: 'more', end: '', tokens: 10 })).toMatchObject({ kind: 'off' });
    expect(fitTokens(tokenizer, { head: '', tail: 'few', end: '', tokens: 50 })).toMatchObject({ kind: 'off' });
  });
});

describe('haystackOf', () => {
  test.prop([anyTokenizer, pieces(60).filter((s) => s !== '')])('sentences together are the text, and their tokens those of the text', ({ tokenizer }, text) => {
    const { sentences, sums } = haystackOf(tokenizer, text);
    expect(sentences.join('')).toBe(text);
    expect(sums.at(-1)).toBeCloseTo(tokenizer.encode(text).length, 6);
  });

  test('a sentence ends behind its stop and quotes, and begins with the blank; titles end none; long stretches are cut', () => {
    const { tokenizer } = tokenizers[0]!;
    expect(haystackOf(tokenizer, prose).sentences).toEqual([
      'It was a fine day.', ' Mr. Hill went out, and came home late!', ' "Where were you?"', ' she asked.', ' They walked on; nothing else was said that evening.', '\n\nIn 1812 the naïve café closed.', ' ',
    ]);
    const long = haystackOf(tokenizer, 'word '.repeat(1000)).sentences;
    expect([long.length > 5, Math.max(...long.map((s) => s.length)) <= 600]).toEqual([true, true]);
  });

  test('stretches go around the ends', () => {
    const hay = { sentences: ['a', 'b', 'c'], sums: [0, 1, 2, 3] };
    expect(sentencesFrom(hay, 2, 4).sentences).toEqual(['c', 'a', 'b', 'c']);
    expect(sentencesBefore(hay, 1, 3).sentences).toEqual(['b', 'c', 'a']);
  });
});

describe('hide', () => {
  const depths = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });

  test.prop([anyTokenizer, fc.integer({ min: 150, max: 1500 }), depths, fc.nat(20)], { numRuns: 60 })('exactly so many tokens; every needle whole, once, between two sentences, near its depth', ({ tokenizer }, tokens, at, first) => {
    const haystack = haystackOf(tokenizer, novel);
    const needles = at.map((depth, i) => ({ text: ` <Key ${'abcd'[i]} is here>`, depth }));
    const text = hide(tokenizer, haystack, { before: 'Find it. ', needles, first: first % haystack.sentences.length, tokens: tokens + 200 });
    expect(tokenizer.encode(text).length).toBe(tokens + 200);
    expect(text.startsWith('Find it. ')).toBe(true);
    for (const needle of needles) {
      expect(text.split(needle.text).length).toBe(2);
      const place = text.indexOf(needle.text);
      expect(/^$|(?:[.!?"] ?|here>)$/.test(text.slice('Find it. '.length, place).trimEnd())).toBe(true);
      // Half a sentence, the needles, and the slack at the end lie between what was asked and what there is.
      expect(Math.abs(place - needle.depth * text.length)).toBeLessThan(0.35 * text.length);
    }
  });

  test.prop([fc.double({ min: 0.1, max: 0.9, noNaN: true })], { numRuns: 20 })('in a long text a needle is where it is asked to be, within a sentence or two', (depth) => {
    const { tokenizer } = tokenizers[0]!;
    const haystack = haystackOf(tokenizer, novel.repeat(4));
    const text = hide(tokenizer, haystack, { before: '', needles: [{ text: ' NEEDLE.', depth }], first: 3, tokens: 6000 });
    expect(Math.abs(text.indexOf(' NEEDLE.') / text.length - depth)).toBeLessThan(0.02);
  });

  test('a length that does not hold the needles is refused', () => {
    const { tokenizer } = tokenizers[0]!;
    expect(() => hide(tokenizer, haystackOf(tokenizer, novel), { before: '', needles: [{ text: ' needle'.repeat(40), depth: 0.5 }], first: 0, tokens: 60 })).toThrow(expect.objectContaining({ code: 'R601', remedy: 'choose a longer length' }));
  });
});
