import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { commonLength, commonSubsequence } from '../../../runtime/eval/metrics/commonSubsequence.js';
import { f1, qaF1, qaF1Characters, qaF1Chinese } from '../../../runtime/eval/metrics/f1.js';
import { bugNamed, choice, firstDecimal, firstNumber, lastNumber, leadingNumbers, nameSaid, valueSaid } from '../../../runtime/eval/metrics/infiniteBench.js';
import { classificationScore, codeSimilarity, countScore, editSimilarity, paragraphScore } from '../../../runtime/eval/metrics/longBench.js';
import { allSaid, type Metric, scoreOf } from '../../../runtime/eval/metrics/metric.js';
import { normalized, normalizedChinese } from '../../../runtime/eval/metrics/normalize.js';
import { rougeL, rougeLChinese } from '../../../runtime/eval/metrics/rougeL.js';

const word = fc.constantFrom('cat', 'dog', 'sat', 'mat', 'ran', 'far');
const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((w) => w.join(' '));
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('normalisation', () => {
  test('case, punctuation, then articles, then blanks', () => {
    expect(normalized('  The Cat, an "animal" —  sat.\n')).toBe('cat animal — sat');
    expect(normalized('a-b the-other')).toBe('ab theother');
    expect(normalized('another theory')).toBe('another theory');
    expect(normalizedChinese('“你好， World！”')).toBe('你好world');
  });

  test.prop([anyText])('is the same when done twice', (s) => {
    expect(normalizedChinese(normalizedChinese(s))).toBe(normalizedChinese(s));
  });
});

describe('overlap', () => {
  test('F1 by hand: 2 of 3 said words are among 4 wanted ones', () => {
    expect(qaF1('the red fox ran', 'red fox sleeps here')).toBeCloseTo((2 * (2 / 3) * (2 / 4)) / (2 / 3 + 2 / 4), 12);
    expect(f1(['x', 'x'], ['x'])).toBeCloseTo(2 / 3, 12);
    expect(qaF1('', 'x')).toBe(0);
    expect(qaF1Characters('我是王', '我是')).toBeCloseTo(4 / 5, 12);
    expect(qaF1Chinese('北京', '北京')).toBe(1);
  });

  test('ROUGE-L by hand: words count once, and sentences unite', () => {
    expect(rougeL('w1 w2 w6 w7 w8. w1 w3 w8 w9 w5.', 'w1 w2 w3 w4 w5')).toBeCloseTo((2 * 4) / (8 + 5), 12);
    expect(rougeL('the cat sat', 'the cat the cat')).toBeCloseTo((2 * 2) / (3 + 2), 12);
    expect([rougeL('', 'x'), rougeL('...', 'x')]).toEqual([0, 0]);
    expect(rougeLChinese('天气很好', '天气很好')).toBe(1);
  });

  test('edit similarity by hand: one letter of four replaced is one out and one in', () => {
    expect(editSimilarity('abcd', 'abxd')).toBe(0.75);
    expect(editSimilarity('', '')).toBe(1);
    expect(codeSimilarity('\n# comment\n```\nreturn abcd\nmore', 'return abxd')).toBe(0.91);
    expect(codeSimilarity('# nothing but a comment', 'x')).toBe(0);
  });

  test.prop([text, text])('within bounds, 1 for equal texts, and symmetric but for ROUGE-L, which unites the words of one of several common subsequences', (a, b) => {
    for (const metric of [qaF1, rougeL, editSimilarity, qaF1Characters]) {
      const score = metric(a, b);
      if (metric !== rougeL) expect(score).toBe(metric(b, a));
      expect(score >= 0 && score <= 1).toBe(true);
      expect(metric(a, a)).toBe(1);
    }
  });

  test.prop([fc.array(fc.nat(3), { maxLength: 9 }), fc.array(fc.nat(3), { maxLength: 9 })])('a longest common subsequence is one of both, as long as its length says', (a, b) => {
    const common = commonSubsequence(a, b);
    const within = (all: readonly number[]): boolean => common.reduce<number>((from, x) => (from < 0 ? -1 : all.indexOf(x, from) + 1 || -1), 0) >= 0;
    expect([common.length, within(a), within(b)]).toEqual([commonLength(a, b), true, true]);
    // Appending to one of them changes it by at most one.
    expect(commonLength([...a, 0], b) - common.length).toBeLessThanOrEqual(1);
  });
});

describe('LongBench', () => {
  test('count and retrieval: the share of numbers said that are right', () => {
    expect(countScore('5, or 6, or 5', '5')).toBeCloseTo(2 / 3, 12);
    expect(countScore('none', '5')).toBe(0);
    expect(paragraphScore('Paragraph 12', 'Paragraph 12')).toBe(1);
    expect(paragraphScore('段落3 或 段落4', '段落3')).toBe(0.5);
    expect(paragraphScore('3', 'nothing')).toBe(0);
  });

  test('classification: 1 over the classes named, without those that are part of the right one', () => {
    const classes = ['Food', 'Fast Food', 'Sport'];
    expect(classificationScore('Fast Food', 'Fast Food', classes)).toBe(1);
    expect(classificationScore('Sport or Food', 'Food', classes)).toBe(0.5);
    expect(classificationScore('Sport', 'Food', classes)).toBe(0);
    // The published loop leaves the second of two such classes in a row.
    expect(classificationScore('abc', 'abc', ['a', 'b', 'abc'])).toBe(0.5);
  });
});

describe('InfiniteBench', () => {
  test.each<[string, number, number]>([
    ['the first number', firstNumber(' 14177. 5', '14177'), 1], ['another first number', firstNumber('1 14177', '14177'), 0], ['no number', firstNumber('none', '1'), 0],
    ['a value among words', valueSaid('The value is "ab-12".', 'ab-12'), 1], ['a longer word', valueSaid('xab-12', 'ab-12'), 0],
    ['a name in capitals', nameSaid("It's Joe!", 'JOE'), 1], ['another name', nameSaid('Joey', 'JOE'), 0],
    ['the last number', lastNumber('f(3) returns -7.', '-7'), 1], ['a last word that is none', lastNumber('-7 I think', '-7'), 0],
    ['a decimal', firstDecimal('about 3.50', '3.5'), 1], ['a wrong one', firstDecimal('3', '3.5'), 0],
    ['the letter at once', choice('B. because', ['text', 'B']), 1], ['a letter after a phrase', choice('the answer is: C', ['text', 'C']), 1], ['a lone letter', choice('surely D', ['t', 'D']), 1],
    ['the text after a phrase', choice('answer: the moon', ['the moon', 'A']), 1], ['a wrong letter', choice('A', ['t', 'B']), 0], ['nothing', choice('', ['t', 'B']), 0],
    ['the bug by letter', bugNamed('B. f', ['f', 'B']), 1], ['the bug by name', bugNamed('The answer is: f', ['f', 'B']), 1], ['a bug unnamed', bugNamed('f', ['f', 'B']), 0], ['a phrase at the end', bugNamed('answer:', ['f', 'B']), 0],
  ])('%s', (_, score, want) => expect(score).toBe(want));

  test('results count up to the first wrong one', () => {
    expect(leadingNumbers('1, 2, 9, 4', ['1', '2', '3', '4'])).toBe(0.5);
    expect(leadingNumbers('1, 2', ['1', '2', '3', '4'])).toBe(0.5);
    expect(leadingNumbers('1 2 3 4 5', ['1', '2', '3', '4'])).toBe(1);
  });
});

describe('scoreOf', () => {
  const names: readonly Metric[] = ['qaF1', 'qaF1Chinese', 'qaF1Characters', 'rougeL', 'rougeLChinese', 'classification', 'count', 'paragraph', 'codeSimilarity', 'firstNumber', 'valueSaid', 'nameSaid', 'lastNumber', 'firstDecimal', 'leadingNumbers', 'choice', 'bugNamed', 'allSaid'];

  test.prop([fc.constantFrom(...names), anyText, fc.array(anyText, { minLength: 1, maxLength: 3 })])('every metric stays within 0 and 1, whatever is said', (metric, prediction, references) => {
    const score = scoreOf(metric, prediction, { references, classes: ['x', ...references] });
    expect(score >= 0 && score <= 1).toBe(true);
  });

  test.prop([text, fc.array(text, { minLength: 1, maxLength: 3 }), text])('another right answer never lowers a score that takes the best', (prediction, references, more) => {
    const with_ = (all: readonly string[]): number => scoreOf('qaF1', prediction, { references: all, classes: [] });
    expect(with_([...references, more])).toBeGreaterThanOrEqual(with_(references));
  });

  test('all values must be said where all are asked for, capitals or not', () => {
    expect(allSaid('ALPHA and 7', { references: ['alpha', '7', '8', '9'] })).toBe(0.5);
  });
});
