import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { withReciprocals } from '../../../codegen/graph/reciprocals.js';
import type { MapExpr, TensorExpr } from '../../../dsl/expr.js';
import { input, map } from '../../../dsl/ops.js';
import { printScalar } from '../../../dsl/print.js';
import { binary, evalScalar, lit, pos, select, type Scalar, unary } from '../../../dsl/scalar.js';
import { at, mul, x0, x1, x2 } from '../tile/programs.js';

const [s, scale, row] = [input('s', 'f32', ['q', 'k'], at), input('scale', 'f32', [], at), input('row', 'f32', ['q'], at)];
const div = (a: Scalar, b: Scalar): Scalar => binary('div', a, b);
const tanh = (a: Scalar): Scalar => unary('tanh', a);
const mapOf = (fn: Scalar, args: readonly TensorExpr[]): MapExpr => {
  const e = map(fn, args, at);
  if (e.kind !== 'map') throw new Error('not a map');
  return e;
};
const shown = (fn: Scalar): string => printScalar(withReciprocals(mapOf(fn, [s, scale, row])), ['s', 'scale', 'row']);

describe('quotients under a function that rounds anyway', () => {
  test.each<readonly [string, Scalar, string]>([
    ['by a number', tanh(div(x0, x1)), 'tanh(s * (1 / scale))'],
    ['by one of the row', unary('exp', div(x0, x2)), 'exp(s * (1 / row))'],
    ['of a product with a factor to join', tanh(div(mul(x0, x1), x2)), 'tanh(s * (scale / row))'],
    ['whichever factor it is', tanh(div(mul(x1, x0), x2)), 'tanh(s * (scale / row))'],
    ['by a literal', tanh(div(x0, lit(8))), 'tanh(s * 0.125)'],
    ['in a sum, and in a branch', unary('exp2', select(binary('lt', x0, x1), binary('sub', div(x0, x1), x2), x0)), 'exp2(s < scale ? s * (1 / scale) - row : s)'],
  ])('%s are products', (_which, fn, want) => expect(shown(fn)).toBe(want));

  test.each<readonly [string, Scalar]>([
    ['whose divisor is every element\'s own', tanh(div(x1, x0))],
    ['that are the same for a whole row', tanh(binary('add', x0, div(x2, x1)))],
    ['that are rounded down', tanh(unary('floor', div(x0, x1)))],
    ['under no such function', div(x0, x1)],
    ['that decide', tanh(select(binary('lt', div(x0, x1), lit(1)), x0, x2))],
    ['of a rest', tanh(binary('rem', div(x0, x1), lit(3)))],
    ['of positions that choose', unary('floor', div(pos('k'), lit(7)))],
  ])('but none %s', (_which, fn) => {
    const e = mapOf(fn, [s, scale, row]);
    expect(withReciprocals(e)).toBe(e.fn);
  });
});

const number = fc.double({ min: 0.125, max: 8, noNaN: true });
const leaf = fc.constantFrom(x0, x1, x2, lit(3));
const { code } = fc.letrec<{ code: Scalar }>((tie) => ({
  code: fc.oneof({ maxDepth: 4 }, leaf,
    fc.tuple(fc.constantFrom('add', 'sub', 'mul', 'div', 'max', 'min'), tie('code'), leaf).map(([op, a, b]) => binary(op, a, b)),
    fc.tuple(fc.constantFrom('neg', 'abs', 'tanh'), tie('code')).map(([op, a]) => unary(op, a)),
    fc.tuple(tie('code'), tie('code')).map(([a, b]) => select(binary('lt', x0, x1), a, b))),
}));

property.prop([code, fc.tuple(number, number, number)])('mean the same but for roundings', (fn, args) => {
  const made = withReciprocals(mapOf(tanh(fn), [s, scale, row]));
  const value = (x: Scalar): number => evalScalar(x, { args, pos: { q: 0, k: 0 }, size: { q: 1, k: 1 } });
  // In float64, and no number is larger than 8 ** 5 before a tanh: a few roundings of that.
  expect(Math.abs(value(made) - value(tanh(fn)))).toBeLessThan(1e-10);
});
