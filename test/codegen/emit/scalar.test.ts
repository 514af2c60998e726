import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { floatLiteral } from '../../../codegen/emit/literal.js';
import { names } from '../../../codegen/emit/names.js';
import { scalarText, type CType, type Leaves } from '../../../codegen/emit/scalar.js';
import { shared } from '../../../codegen/emit/shared.js';
import { arg, binary, isIntegral, lit, pos, select, size, unary, type BinaryOp, type Scalar, type UnaryOp } from '../../../dsl/scalar.js';
import { bound, nowhere } from '../../../dsl/span.js';

const [x, y, i] = [arg(0), arg(1), arg(2)];
const leaves: Leaves = { arg: (n) => ['x', 'y', 'i'][n] ?? '?', argIsInteger: (n) => n === 2, pos: (a) => `${a}0 + i${a}`, size: (a) => `n${a.toUpperCase()}` };
const text = (s: Scalar, want: CType = 'float'): string => {
  const { bindings, text: last } = scalarText(s, leaves, want, names().fresh);
  return [...bindings.map((b) => `${b.type} ${b.name} = ${b.text}`), last].join('; ');
};

describe('scalar text', () => {
  test.each<readonly [string, Scalar, string]>([
    ['products bind tighter than sums', binary('mul', binary('add', x, y), binary('mul', x, y)), '(x + y) * (x * y)'],
    ['sums associate to the left', binary('sub', binary('sub', x, y), binary('sub', y, x)), 'x - y - (y - x)'],
    ['a position is one operand', binary('mul', pos('q'), lit(2)), 'float((q0 + iq) * 2)'],
    ['integers stay integers until they meet a float', binary('mul', binary('add', i, pos('k')), x), 'float(i + k0 + ik) * x'],
    ['an integer literal beside a float is a float', binary('add', x, lit(1)), 'x + 1.0f'],
    ['division of integers under floor is one call', unary('floor', binary('div', pos('k'), lit(16))), 'float(floorDivide(k0 + ik, 16))'],
    ['division elsewhere is of floats', binary('div', i, size('k')), 'float(i) / float(nK)'],
    ['a comparison decides as it stands', select(binary('le', pos('k'), pos('q')), x, lit(-Infinity)), 'k0 + ik <= q0 + iq ? x : -INFINITY'],
    ['a number decides by its truth', select(x, y, lit(0)), 'truth(x) ? y : 0.0f'],
    ['a comparison as a number is 0 or 1', binary('add', binary('lt', x, y), lit(1)), 'float(x < y) + 1.0f'],
    ['and inside or is set apart', binary('or', binary('and', x, y), binary('eq', x, y)), 'float((truth(x) && truth(y)) || x == y)'],
    ['minus minus keeps its parentheses', unary('neg', unary('neg', x)), '-(-x)'],
    ['a square multiplies', binary('pow', x, lit(2)), 'x * x'],
    ['a choice inside a choice needs none after the colon', select(x, y, select(y, x, lit(1))), 'truth(x) ? y : truth(y) ? x : 1.0f'],
    ['a choice as an operand is set apart', binary('mul', select(x, y, x), y), '(truth(x) ? y : x) * y'],
    ['minus zero is minus zero', lit(-0), '-0.0f'],
  ])('%s', (_, s, expected) => {
    expect(text(s)).toBe(expected);
  });

  test('what is used twice gets a name, the author\'s where there is one', () => {
    const sum = binary('add', x, y, bound(nowhere, 'total'));
    expect(text(binary('mul', sum, unary('exp', sum)))).toBe('float total = x + y; total * math::exp(total)');
    // Equal parts are one, wherever they come from.
    expect(text(binary('mul', binary('sub', x, y), binary('sub', x, y)))).toBe('float value = x - y; value * value');
  });

  test('a tree that doubles at every level prints in as many lines as it has levels', () => {
    const doubled = Array.from({ length: 60 }).reduce<Scalar>((s) => binary('add', s, s), unary('exp', x));
    expect(scalarText(doubled, leaves, 'float', names().fresh).bindings).toHaveLength(60);
  });

  const scalar = fc.letrec<{ s: Scalar }>((tie) => ({
    s: fc.oneof({ maxDepth: 5 }, fc.constantFrom(x, y, i, pos('q'), size('q'), lit(2), lit(0.5), lit(-0)),
      fc.tuple(fc.constantFrom<UnaryOp>('neg', 'not', 'abs', 'floor', 'exp'), tie('s')).map(([op, a]) => unary(op, a)),
      fc.tuple(fc.constantFrom<BinaryOp>('add', 'div', 'rem', 'pow', 'lt', 'and', 'max'), tie('s'), tie('s')).map(([op, a, b]) => binary(op, a, b)),
      fc.tuple(tie('s'), tie('s'), tie('s')).map(([c, a, b]) => select(c, a, b))),
  })).s;
  test.prop([scalar])('what is an integer is what the language says', (s) => {
    expect(shared(s, leaves.argIsInteger).isInteger(s)).toBe(isIntegral(s, leaves.argIsInteger));
  });
});

describe('float literals', () => {
  test.prop([fc.float({ noNaN: true })])('read back as the same float', (v) => {
    const shown = floatLiteral(v);
    const read = shown === 'INFINITY' ? Infinity : shown === '-INFINITY' ? -Infinity : Number(shown.slice(0, -1));
    expect(Math.fround(read)).toBe(v);
    expect(shown).toMatch(/^-?(INFINITY|\d+(\.\d+)?(e[+-]\d+)?f)$/);
  });
  test('are short', () => {
    expect([0.1, 1, 1e30, 1 / 3, NaN].map(floatLiteral)).toEqual(['0.1f', '1.0f', '1e+30f', '0.33333334f', 'NAN']);
  });
});

describe('names', () => {
  test('are handed out once, never a keyword or a word of the device header', () => {
    const { fresh } = names();
    expect([fresh('q'), fresh('q'), fresh('q'), fresh('load'), fresh('for'), fresh('a-b'), fresh('2x')]).toEqual(['q', 'q2', 'q3', 'load2', 'for2', 'a_b', 'x2x']);
    expect([fresh('k', 's'), fresh('k', 's'), fresh('k', 's')]).toEqual(['k', 'ks', 'k2']);
  });
});
