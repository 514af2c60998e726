import { arg, binary, lit, select, unary, type Scalar } from '../../dsl/scalar.js';

/** Name, left, right: the left side may be replaced by the right one. `arg i` are variables. */
export type Law = readonly [name: string, left: Scalar, right: Scalar];

const x = arg(0);
const y = arg(1);
const c = arg(2);
const zero = lit(0);
const one = lit(1);

/** Laws of i32 expressions. They also hold for the indices that passes make. */
export const integerLaws: readonly Law[] = [
  ['plus 0', binary('add', x, zero), x],
  ['0 plus', binary('add', zero, x), x],
  ['minus 0', binary('sub', x, zero), x],
  ['minus itself', binary('sub', x, x), zero],
  ['times 1', binary('mul', x, one), x],
  ['1 times', binary('mul', one, x), x],
  ['times 0', binary('mul', x, zero), zero],
  ['0 times', binary('mul', zero, x), zero],
  ['add and take away', binary('sub', binary('add', x, y), y), x],
  ['rest of division by 1', binary('rem', x, one), zero],
  ['floor of division by 1', unary('floor', binary('div', x, one)), x],
  ['max with itself', binary('max', x, x), x],
  ['min with itself', binary('min', x, x), x],
  ['same branches', select(c, x, x), x],
];

/** Laws of f32 expressions: only what IEEE 754 allows, NaN, infinities and −0 included. */
export const floatLaws: readonly Law[] = [
  ['same branches', select(c, x, x), x],
  ['swapped branches', select(unary('not', c), x, y), select(c, y, x)],
  ['minus minus', unary('neg', unary('neg', x)), x],
  ['minus 0', binary('sub', x, zero), x],
  ['times 1', binary('mul', x, one), x],
  ['1 times', binary('mul', one, x), x],
  ['divided by 1', binary('div', x, one), x],
  ['plus negative', binary('add', x, unary('neg', y)), binary('sub', x, y)],
  ['minus negative', binary('sub', x, unary('neg', y)), binary('add', x, y)],
  ['negative times negative', binary('mul', unary('neg', x), unary('neg', y)), binary('mul', x, y)],
  ['reciprocal √', binary('div', one, unary('sqrt', x)), unary('rsqrt', x)],
  ['absolute twice', unary('abs', unary('abs', x)), unary('abs', x)],
  ['absolute of negative', unary('abs', unary('neg', x)), unary('abs', x)],
  ['max with itself', binary('max', x, x), x],
  ['min with itself', binary('min', x, x), x],
];
