import { binary, lit, unary, type Scalar } from '../../dsl/scalar.js';
import { classOf } from './classes.js';
import { placeOf, type Frame } from './frame.js';
import { addSums, guardOf, powerOf, timesData, timesFree, unit, type Part, type Sum } from './parts.js';
import { factorSign, single } from './products.js';
import { refuseDecision } from './refuse.js';

/** A choice by data or by references is a sum of guarded terms; by both, only where it falls apart into such choices. Throws S102. */
export function selectSum(s: Scalar & { readonly kind: 'select' }, f: Frame): Sum {
  const { cond } = s;
  if (classOf(cond, f.args, f.n.classes, f.n.cascade.axis) !== 'mixed') return choice(cond, f.scalar(s.a, f), f.scalar(s.b, f), f);
  // A condition on data and one on references decide one after the other.
  if (cond.kind === 'binary' && cond.op === 'and') return f.scalar({ ...s, cond: cond.a, a: { ...s, cond: cond.b } }, f);
  if (cond.kind === 'binary' && cond.op === 'or') return f.scalar({ ...s, cond: cond.a, b: { ...s, cond: cond.b } }, f);
  if (cond.kind === 'unary' && cond.op === 'not') return f.scalar({ ...s, cond: cond.a, a: s.b, b: s.a }, f);
  const sign = signCondition(cond, f);
  const otherwise = f.scalar(s.b, f);
  // A guard on references makes the product 0, hence not positive: it guards the branch, if there is nothing in the other.
  if (sign && sign.guards.length === 0) return guardedChoice(sign.cond, 'data', f.scalar(s.a, f), otherwise, f);
  if (sign && otherwise.length === 0) return guardedChoice(sign.cond, 'data', timesFree(f.scalar(s.a, f), { ...unit, guards: sign.guards }), [], f);
  return refuseDecision('select', cond, placeOf(f));
}

/** x·r > 0 ⇔ x > 0 for r > 0, and e^x > 0 ⇔ x > −∞. Scalar code over leaves; `undefined` for any other comparison. */
function signCondition(cond: Scalar, f: Frame): { readonly cond: Scalar; readonly guards: readonly number[] } | undefined {
  if (cond.kind !== 'binary' || cond.op !== 'lt' || cond.a.kind !== 'lit' || cond.a.value !== 0) return undefined;
  const one = single(f.scalar(cond.b, f), f.n);
  if (!one || one.data.guards.length > 0 || factorSign(one.factor, f.n) !== 'positive') return undefined;
  const { table } = f.n;
  const tests = [
    ...[...one.data.exp.keys()].map((a) => binary('lt', lit(-Infinity), table.scalarOf(table.baseOf(a)), cond.span)),
    ...(one.data.pow.size > 0 ? [binary('lt', lit(0), table.partScalar({ ...one.data, exp: new Map() }), cond.span)] : []),
  ];
  return tests.length > 0 ? { cond: tests.reduce((a, b) => binary('and', a, b, cond.span)), guards: one.factor.part.guards } : undefined;
}

/** c ? a : b = [c]·a + [not c]·b */
export function choice(cond: Scalar, a: Sum, b: Sum, f: Frame): Sum {
  const kind = classOf(cond, f.args, f.n.classes, f.n.cascade.axis);
  return guardedChoice(f.n.table.lift(cond, f.args), kind === 'data' ? 'data' : 'free', a, b, f);
}

function guardedChoice(cond: Scalar, kind: 'data' | 'free', a: Sum, b: Sum, f: Frame): Sum {
  const guard = (scalar: Scalar): Part => guardOf(f.n.table.atom({ kind, scalar }));
  const times = kind === 'data' ? timesData : timesFree;
  const otherwise = cond.kind === 'unary' && cond.op === 'not' ? cond.a : unary('not', cond, cond.span);
  return addSums(a.length > 0 ? times(a, guard(cond)) : [], b.length > 0 ? times(b, guard(otherwise)) : []);
}

/** max(0, x·r) = r·max(0, x) for r ≥ 0; every other mixture is a decision. */
export function extremum(s: Scalar & { readonly kind: 'binary' }, f: Frame): Sum {
  const isZero = (x: Scalar): boolean => x.kind === 'lit' && x.value === 0;
  const other = isZero(s.a) ? s.b : isZero(s.b) ? s.a : undefined;
  const place = placeOf(f);
  const one = other && single(f.scalar(other, f), f.n);
  if (!one || factorSign(one.factor, f.n) !== 'positive' || (s.op !== 'max' && s.op !== 'min')) return refuseDecision(s.op, s, place);
  const { exp, ...rest } = one.data;
  const clipped = { kind: 'binary', op: s.op, a: f.n.table.partScalar({ ...rest, exp: new Map() }), b: lit(0), span: s.span } satisfies Scalar;
  return [{ data: { ...powerOf(f.n.table.atom({ kind: 'data', scalar: clipped })), exp }, factors: [one.factor] }];
}

/** |x·r| = |x|·|r|; the sign of a sum is a decision. */
export function absolute(s: Scalar & { readonly kind: 'unary' }, f: Frame): Sum {
  const one = single(f.scalar(s.a, f), f.n);
  if (!one) return refuseDecision('abs', s, placeOf(f));
  const abs = (p: Part, kind: 'data' | 'free'): Part => ({ ...p, pow: new Map([...p.pow].map(([a, c]) => [f.n.table.atom({ kind, scalar: unary('abs', f.n.table.scalarOf(a)) }), c])) });
  return [{ data: abs(one.data, 'data'), factors: [{ coef: Math.abs(one.factor.coef), part: abs(one.factor.part, 'free') }] }];
}
