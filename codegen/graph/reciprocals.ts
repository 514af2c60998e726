import type { MapExpr } from '../../dsl/expr.js';
import { type BinaryOp, binary, lit, mapScalar, type Scalar, type UnaryOp } from '../../dsl/scalar.js';
import { axesRead } from './axesRead.js';

/** Functions whose values are rounded whatever their argument is: one rounding more of it is among theirs. */
const rounded: ReadonlySet<UnaryOp> = new Set<UnaryOp>(['exp', 'exp2', 'tanh']);
/** What a rounding of an operand leaves a rounding of the result. */
const smooth: ReadonlySet<UnaryOp | BinaryOp> = new Set<UnaryOp | BinaryOp>(['neg', 'abs', 'add', 'sub', 'mul', 'div', 'max', 'min']);

/**
 * Scalar code of a map, with quotients under such a function as products where the divisor varies along fewer axes than the map:
 * what is multiplied by can be made once, and an exact quotient takes ten instructions an element.
 *   tanh((x·a) / c)   →   tanh(x·(a / c))        tanh(x / c)   →   tanh(x·(1 / c))
 * Not elsewhere: ⌊x / c⌋ of whole numbers is exact. Divisors below 2⁻¹²⁶, whose reciprocals are infinite, are nobody's settings.
 */
export function withReciprocals({ fn, args, axes }: MapExpr): Scalar {
  const varies = (s: Scalar): boolean => axesRead(s, args).length === axes.length;
  const over = (x: Scalar, by: Scalar): Scalar => (by.kind === 'lit' && x.kind === 'lit' ? lit(x.value / by.value, by.span) : binary('div', x, by, by.span));
  const times = (x: Scalar, by: Scalar, { span }: Scalar): Scalar => {
    if (x.kind === 'binary' && x.op === 'mul' && !varies(x.b)) return binary('mul', x.a, over(x.b, by), span);
    if (x.kind === 'binary' && x.op === 'mul' && !varies(x.a)) return binary('mul', x.b, over(x.a, by), span);
    return binary('mul', x, over(lit(1, span), by), span);
  };
  const inside = (s: Scalar): Scalar => {
    if (s.kind === 'select') return mapScalar(s, (x) => (x === s.cond ? go(x) : inside(x)));
    if ((s.kind !== 'unary' && s.kind !== 'binary') || !smooth.has(s.op)) return go(s);
    const made = mapScalar(s, inside);
    return made.kind === 'binary' && made.op === 'div' && !varies(made.b) && varies(made.a) ? times(made.a, made.b, made) : made;
  };
  const go = (s: Scalar): Scalar => mapScalar(s, s.kind === 'unary' && rounded.has(s.op) ? inside : go);
  return go(fn);
}
