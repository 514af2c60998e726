import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { arg, binary, type BinaryOp, binaryMeaning, evalScalar, isIntegral, lit, mapScalar, pos, type Scalar, scalarChildren, select, size, unary, type UnaryOp, unaryMeaning } from '../../dsl/scalar.js';

/** Scalar code beside the JavaScript an author would write for it. */
interface Written { readonly scalar: Scalar; readonly text: string }

const unaryText: Readonly<Record<UnaryOp, (a: string) => string>> = {
  neg: (a) => `-${a}`, not: (a) => `Number(!${a})`, abs: (a) => `Math.abs(${a})`, sqrt: (a) => `Math.sqrt(${a})`, rsqrt: (a) => `(1 / Math.sqrt(${a}))`,
  exp: (a) => `Math.exp(${a})`, exp2: (a) => `(2 ** ${a})`, log: (a) => `Math.log(${a})`, log2: (a) => `Math.log2(${a})`, sin: (a) => `Math.sin(${a})`,
  cos: (a) => `Math.cos(${a})`, tanh: (a) => `Math.tanh(${a})`, floor: (a) => `Math.floor(${a})`, ceil: (a) => `Math.ceil(${a})`, trunc: (a) => `Math.trunc(${a})`,
};
const binaryText: Readonly<Record<BinaryOp, (a: string, b: string) => string>> = {
  add: (a, b) => `${a} + ${b}`, sub: (a, b) => `${a} - ${b}`, mul: (a, b) => `${a} * ${b}`, div: (a, b) => `${a} / ${b}`, rem: (a, b) => `${a} % ${b}`,
  pow: (a, b) => `${a} ** ${b}`, max: (a, b) => `Math.max(${a}, ${b})`, min: (a, b) => `Math.min(${a}, ${b})`,
  lt: (a, b) => `Number(${a} < ${b})`, le: (a, b) => `Number(${a} <= ${b})`, eq: (a, b) => `Number(${a} === ${b})`,
  and: (a, b) => `Number(Boolean(${a} && ${b}))`, or: (a, b) => `Number(Boolean(${a} || ${b}))`,
};
const unaryOps = Object.keys(unaryText) as UnaryOp[];
const binaryOps = Object.keys(binaryText) as BinaryOp[];

const anyNumber = fc.oneof(fc.double(), fc.integer({ min: -9, max: 9 }), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 31, 5e-324));
const literal = (number: fc.Arbitrary<number>): fc.Arbitrary<Written> => number.map((v) => ({ scalar: lit(v), text: Object.is(v, -0) ? '(-0)' : `(${v})` }));
const leaf = (number: fc.Arbitrary<number>): fc.Arbitrary<Written> => fc.oneof(
  literal(number),
  fc.constantFrom<Written>({ scalar: arg(0), text: 'x' }, { scalar: arg(1), text: 'y' }, { scalar: pos('k'), text: 'k' }, { scalar: size('k'), text: 'K' }),
);
/** Trees over the given operators. */
const tree = (unaries: readonly UnaryOp[], binaries: readonly BinaryOp[], number: fc.Arbitrary<number>): fc.Arbitrary<Written> => fc.letrec<{ any: Written }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf(number),
    fc.tuple(fc.constantFrom(...unaries), tie('any')).map(([op, a]) => ({ scalar: unary(op, a.scalar), text: `(${unaryText[op](a.text)})` })),
    fc.tuple(fc.constantFrom(...binaries), tie('any'), tie('any')).map(([op, a, b]) => ({ scalar: binary(op, a.scalar, b.scalar), text: `(${binaryText[op](a.text, b.text)})` })),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([c, a, b]) => ({ scalar: select(c.scalar, a.scalar, b.scalar), text: `(${c.text} ? ${a.text} : ${b.text})` })),
  ),
})).any;
const written = tree(unaryOps, binaryOps, anyNumber);

const javascript = (w: Written, x: number, y: number, k: number, length: number): number => Number(new Function('x', 'y', 'k', 'K', `return ${w.text};`)(x, y, k, length));
const value = (s: Scalar, x: number, y: number, k: number, length: number): number => evalScalar(s, { args: [x, y], pos: { k }, size: { k: length } });

describe('evalScalar', () => {
  test.prop([written, anyNumber, anyNumber, fc.nat(99), fc.nat(99)], { numRuns: 1000 })('agrees with JavaScript bit for bit', (w, x, y, k, length) => {
    expect(value(w.scalar, x, y, k, length)).toBe(javascript(w, x, y, k, length));
  });

  example('a wrong meaning is found by that comparison', () => {
    const minus: Written = { scalar: binary('sub', arg(0), arg(1)), text: '(y - x)' };
    expect(value(minus.scalar, 1, 2, 0, 0)).not.toBe(javascript(minus, 1, 2, 0, 0));
  });

  test.prop([fc.constantFrom(...unaryOps), anyNumber])('of one operator is its row in the table', (op, a) => {
    expect(value(unary(op, arg(0)), a, 0, 0, 0)).toBe(unaryMeaning[op](a));
  });

  test.prop([fc.constantFrom(...binaryOps), anyNumber, anyNumber])('of two operands is its row in the table', (op, a, b) => {
    expect(value(binary(op, arg(0), arg(1)), a, b, 0, 0)).toBe(binaryMeaning[op](a, b));
  });

  example.each([
    [arg(2), 'evalScalar: operand 2 is not given'],
    [pos('q'), "evalScalar: the position on 'q' is not given"],
    [size('q'), "evalScalar: the size of 'q' is not given"],
  ])('names what it is not given (%#)', (s, text) => {
    expect(() => value(s, 1, 2, 3, 4)).toThrow(new Error(text));
  });

  example('a branch not taken is not read', () => {
    expect(value(select(lit(0), arg(9), lit(4)), 1, 2, 3, 4)).toBe(4);
  });
});

const whole = fc.integer({ min: -50, max: 50 });
const integral = tree(['neg', 'abs', 'not'], ['add', 'sub', 'mul', 'rem', 'max', 'min', 'lt', 'le', 'eq', 'and', 'or'], whole);

describe('isIntegral', () => {
  test.prop([integral])('holds for integral operators over positions, sizes, i32 operands and integers', ({ scalar }) => {
    expect(isIntegral(scalar, () => true)).toBe(true);
  });

  test.prop([written, whole, whole, fc.nat(50), fc.integer({ min: 1, max: 50 })], { numRuns: 1000 })('promises whole numbers for whole operands', (w, x, y, k, length) => {
    fc.pre(isIntegral(w.scalar, () => true));
    const v = value(w.scalar, x, y, k, length);
    // Division and remainder by zero have no i32 value.
    expect(Number.isInteger(v) || !Number.isFinite(v)).toBe(true);
  });

  test.prop([integral, fc.boolean(), fc.boolean()])('asks each operand it reads', ({ scalar }, first, second) => {
    fc.pre(readsOperands(scalar));
    expect(isIntegral(scalar, (i) => (i === 0 ? first : second))).toBe(integralByHand(scalar, [first, second]));
  });

  example.each<[string, Scalar, boolean]>([
    ['⌊a / b⌋', unary('floor', binary('div', pos('k'), lit(2))), true],
    ['⌈a / b⌉', unary('ceil', binary('div', pos('k'), lit(2))), false],
    ['a / b', binary('div', pos('k'), lit(2)), false],
    ['a ** b', binary('pow', pos('k'), lit(2)), false],
    ['1.5', lit(1.5), false],
    ['-0', lit(-0), false],
    ['2³¹ − 1', lit(2 ** 31 - 1), true],
    ['2³¹', lit(2 ** 31), false],
    ['−2³¹ is written with a minus', unary('neg', lit(2 ** 31)), false],
    ['√a', unary('sqrt', pos('k')), false],
    ['a ? 1 : 2, a not whole', select(lit(0.5), lit(1), lit(2)), true],
  ])('of %s', (_, s, expected) => {
    expect(isIntegral(s, () => true)).toBe(expected);
  });
});

const readsOperands = (s: Scalar): boolean => s.kind === 'arg' || scalarChildren(s).some(readsOperands);
/** Every operand outside of conditions is whole. */
const integralByHand = (s: Scalar, whole: readonly boolean[]): boolean =>
  s.kind === 'arg' ? whole[s.index] === true : (s.kind === 'select' ? [s.a, s.b] : scalarChildren(s)).every((c) => integralByHand(c, whole));

describe('mapScalar', () => {
  test.prop([written])('gives the same object when no operand changes', ({ scalar }) => {
    expect(mapScalar(scalar, (c) => c)).toBe(scalar);
  });

  test.prop([written])('replaces exactly the direct operands', ({ scalar }) => {
    const made = mapScalar(scalar, () => lit(7));
    expect(scalarChildren(made).map((c) => c.kind === 'lit' && c.value)).toEqual(scalarChildren(scalar).map(() => 7));
  });
});
