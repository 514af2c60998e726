import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type Count, countBy, lastTokens, questionTail } from '../../../runtime/server/tail.js';

const encode = (text: string): readonly number[] => (text.match(/\s*\S+|\s+$/g) ?? []).map((_, i) => i);
const count: Count = countBy(encode);
const text = fc.array(fc.constantFrom('word', 'Frage', '水', '😀', ' ', '\n', '\n\n', ' \n \n', '\t'), { maxLength: 60 }).map((parts) => parts.join(''));
const most = fc.integer({ min: 1, max: 20 });

describe('the question at the end of a prompt', () => {
  test.prop([text, most])('head and tail are the prompt, and the tail is short enough', (text, most) => {
    for (const split of [questionTail, lastTokens]) {
      const { head, tail } = split(text, most, count);
      expect(head + tail).toBe(text);
      expect(encode(tail).length).toBeLessThanOrEqual(most);
      // No pair of surrogates is torn.
      expect(/^[\uDC00-\uDFFF]/.test(tail)).toBe(false);
    }
  });

  test.prop([text, most])('is the last paragraph at least, where that is short enough', (text, most) => {
    const paragraphs = text.trimEnd().split(/\n[^\S\n]*\n\s*/);
    const last = paragraphs.at(-1) ?? '';
    fc.pre(paragraphs.length > 1 && encode(`\n\n${last}${text.slice(text.trimEnd().length)}`).length <= most);
    expect(questionTail(text, most, count).tail.trim().endsWith(last.trim())).toBe(true);
  });

  test.each<[string, string, number, string]>([
    ['the last paragraph', 'a book\n\nWhat is the key?', 16, '\n\nWhat is the key?'],
    ['with short paragraphs before it', 'a book of many words and pages\n\nQuestion: key?\n\nAnswer:', 12, '\n\nQuestion: key?\n\nAnswer:'],
    ['but not with long ones', 'a book\n\none two three four five\n\nWhat is the key?', 16, '\n\nWhat is the key?'],
    ['the last lines where there is no paragraph', 'a book of many words\nQuestion: key?\nAnswer: it is', 24, '\nQuestion: key?\nAnswer: it is'],
    ['the last lines of a paragraph that is too long', 'a\n\nb c d e f g h i j\nk l', 8, '\nk l'],
    ['the last words of a line that is too long', 'a b c d e f g h', 3, ' f g h'],
    ['white space behind the question included', 'a book\n\nWhat?\n\n', 8, '\n\nWhat?\n\n'],
  ])('is %s', (_, text, most, tail) => expect(questionTail(text, most, count).tail).toBe(tail));

  test.prop([text, fc.integer({ min: 0, max: 80 })])('tokens are counted as far as asked', (text, most) => {
    const tokens = encode(text).length;
    expect(count(text, most)).toBe(tokens <= most ? tokens : undefined);
  });

  test('a book without a border is not encoded whole', () => {
    let encoded = 0;
    const counting: Count = countBy((t) => { encoded += t.length; return encode(t); });
    questionTail('word '.repeat(200_000), 64, counting);
    expect(encoded).toBeLessThan(100_000);
  });
});
