import { describe, expect, test } from 'vitest';
import { identifier, mathOf, number } from '../../../codegen/page/mathml.js';
import { arg, binary, lit, type Scalar, select, unary } from '../../../dsl/scalar.js';

const [x, y] = [arg(0), arg(1)];
/** Formulas without what is the same in all: rows as they nest, and the tags of names, numbers and operators. */
const plain = (markup: unknown): string => String(markup).replace(/<\/?m(?:row|i|n|o)\b[^>]*>/g, '');
const written = (s: Scalar): string => plain(mathOf(s, [identifier('x'), identifier('y')]));

describe('mathOf', () => {
  test.each<readonly [what: string, scalar: Scalar, text: string]>([
    ['a sum in a product has parentheses, a product in a sum has none', binary('add', binary('mul', binary('add', x, y), y), x), '(x+y)·y+x'],
    ['what is subtracted keeps its own parentheses', binary('sub', x, binary('sub', y, x)), 'x−(y−x)'],
    ['equal factors are a power, and a number stands first', binary('mul', binary('mul', x, binary('sub', y, x)), binary('mul', binary('sub', y, x), lit(3))), '3·x·<msup>(y−x)2</msup>'],
    ['a negative number within a product has parentheses', binary('mul', x, lit(-2)), '(−2)·x'],
    ['an exponential is raised', unary('exp2', binary('sub', x, y)), '<msup>2x−y</msup>'],
    ['a quotient is a fraction', binary('div', x, binary('add', x, y)), '<mfrac>xx+y</mfrac>'],
    ['a choice names its condition', select(binary('eq', y, lit(0)), lit(0), x), '<mtable class="cases"><mtr><mtd>0</mtd><mtd><mtext>where&nbsp;</mtext>y=0</mtd></mtr><mtr><mtd>x</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable>'],
  ])('%s', (_, scalar, text) => expect(written(scalar)).toBe(text));
});

describe('names and numbers', () => {
  test('digits at the end of a name are its index, primes stay behind it', () => {
    expect([identifier('m'), identifier('m′'), identifier('acc2'), identifier('a0′')].map(plain)).toEqual(['m', 'm′', '<msub>acc2</msub>', '<msub>a0</msub>′']);
  });

  test('bounds are written as what they are', () => {
    expect([Infinity, -(2 ** 100), Math.LN2, 0.5, -1.8e30].map((n) => plain(number(n)))).toEqual(['∞', '−<msup>2100</msup>', 'ln(2)', '0.5', '−1.80·<msup>1030</msup>']);
  });
});
