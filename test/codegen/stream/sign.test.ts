import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { signOf } from '../../../codegen/stream/sign.js';
import { arg, binary, evalScalar, lit, select, unary, type BinaryOp, type Scalar, type UnaryOp } from '../../../dsl/scalar.js';

const unaries: readonly UnaryOp[] = ['neg', 'not', 'abs', 'sqrt', 'rsqrt', 'exp', 'exp2', 'log', 'log2', 'sin', 'cos', 'tanh', 'floor', 'ceil', 'trunc'];
const binaries: readonly BinaryOp[] = ['add', 'sub', 'mul', 'div', 'rem', 'pow', 'max', 'min', 'lt', 'le', 'eq', 'and', 'or'];

/** Scalar code over a positive operand 0, a negative one 1 and one of any sign. */
const scalars: fc.Arbitrary<Scalar> = fc.letrec<{ s: Scalar }>((tie) => ({
  s: fc.oneof({ depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(0, 1, 2).map((i) => arg(i)), fc.constantFrom(-2, 0, 0.5).map((v) => lit(v)),
    fc.tuple(fc.constantFrom(...unaries), tie('s')).map(([op, a]) => unary(op, a)),
    fc.tuple(fc.constantFrom(...binaries), tie('s'), tie('s')).map(([op, a, b]) => binary(op, a, b)),
    fc.tuple(tie('s'), tie('s'), tie('s')).map(([c, a, b]) => select(c, a, b))),
})).s;

property.prop([scalars, fc.double({ min: 0.001, max: 9, noNaN: true }), fc.double({ min: -9, max: -0.001, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true })], { numRuns: 2000 })(
  'a known sign is the sign of every finite value', (s, up, down, any) => {
    const sign = signOf(s, (i) => (['positive', 'negative', 'unknown'] as const)[i] ?? 'unknown');
    const value = evalScalar(s, { args: [up, down, any], pos: {}, size: {} });
    if (!Number.isFinite(value) || sign === 'unknown') return;
    expect(sign === 'positive' ? value >= 0 : value <= 0).toBe(true);
  });

test('exponentials, squares and their sums and quotients are known to be positive', () => {
  const e = unary('exp', arg(2));
  const unknown = (): 'unknown' => 'unknown';
  expect([e, binary('mul', arg(2), arg(2)), binary('add', e, e), binary('div', e, binary('add', e, lit(1)))].map((s) => signOf(s, unknown))).toEqual(['positive', 'positive', 'positive', 'positive']);
  expect([arg(2), binary('sub', e, e), binary('mul', e, arg(2))].map((s) => signOf(s, unknown))).toEqual(['unknown', 'unknown', 'unknown']);
});
