import type { Scalar } from '../../dsl/scalar.js';
import { placeOf, type Frame, type Normalizer } from './frame.js';
import { addSums, isUnit, powerOf, raise, timesPart, type Factor, type Part, type Sum, type Term } from './parts.js';
import { refuseFunction } from './refuse.js';
import { signOf, tensorSign, type Sign } from './sign.js';

type WithTable = Pick<Normalizer, 'table'>;

/** Factors multiply as wholes: (r − μ)² stays a square, multiplied out it would cancel. */
export function product(a: Sum, b: Sum, n: WithTable): Sum {
  return addSums(...a.flatMap((x) => b.map((y): Sum => {
    const [fx, fy] = isUnitFactor(x) || isUnitFactor(y) ? [x.factors, y.factors] : [collapse(x.factors, n), collapse(y.factors, n)];
    return [{ data: timesPart(x.data, y.data), factors: fx.flatMap((p) => fy.map((q): Factor => ({ coef: p.coef * q.coef, part: timesPart(p.part, q.part) }))) }];
  })));
}

const isUnitFactor = (t: Term): boolean => t.factors.length === 1 && t.factors.every((f) => isUnit(f.part));

/** Several factors as one atom. */
export function collapse(factors: readonly Factor[], n: WithTable): readonly Factor[] {
  if (factors.length === 1) return factors;
  return [{ coef: 1, part: powerOf(n.table.atom({ kind: 'free', scalar: n.table.factorScalar(factors) })) }];
}

/** The one product that a sum is, with its number; `undefined` for several. */
export function single(s: Sum, n: WithTable): { readonly data: Part; readonly factor: Factor } | undefined {
  const [term, ...more] = s;
  if (!term || more.length > 0) return undefined;
  const [factor] = collapse(term.factors, n);
  return factor && { data: term.data, factor };
}

/** 1 / x, for one product. */
export function inverse(of: Sum, s: Scalar, at: Scalar, f: Frame): Sum {
  const one = single(of, f.n);
  if (!one || one.data.guards.length > 0 || one.factor.part.guards.length > 0) return refuseFunction('the reciprocal', s, at, placeOf(f));
  return [{ data: raise(one.data, -1), factors: [{ coef: 1 / one.factor.coef, part: raise(one.factor.part, -1) }] }];
}

/** (data · factor)ⁿ = dataⁿ · factorⁿ, where one of the two is known to be positive. */
export function scaledPower(of: Sum, n: number, s: Scalar, at: Scalar, op: string, f: Frame): Sum {
  const one = single(of, f.n);
  const place = placeOf(f);
  if (!one || one.data.guards.length > 0 || one.factor.part.guards.length > 0) return refuseFunction(op, s, at, place);
  const integer = Number.isInteger(n);
  if (!integer && partSign(one.data, f.n) !== 'positive' && factorSign(one.factor, f.n) !== 'positive') return refuseFunction(op, s, at, place);
  return [{ data: raise(one.data, n), factors: [{ coef: one.factor.coef ** n, part: raise(one.factor.part, n) }] }];
}

/** Sign of scalar code over the table's leaves. */
export function leafSign(s: Scalar, n: WithTable): Sign {
  return signOf(s, (i) => {
    const l = n.table.leafAt(i);
    return l.kind === 'tensor' ? tensorSign(l.e) : 'unknown';
  });
}
export const partSign = (p: Part, n: WithTable): Sign => leafSign(n.table.partScalar(p), n);
export function factorSign(f: Factor, n: WithTable): Sign {
  const sign = partSign({ ...f.part, exp: new Map() }, n);
  return f.coef >= 0 || sign === 'unknown' ? sign : sign === 'positive' ? 'negative' : 'positive';
}
