import type { Axis } from '../../dsl/expr.js';
import { binary, lit, pos, size, unary, type Scalar } from '../../dsl/scalar.js';
import { scalarKey } from '../graph/keys.js';

/** constant + Σ coefficient·term: terms are positions, lengths and numbers in tiles, told apart by key. */
export interface Affine { readonly constant: number; readonly terms: ReadonlyMap<string, Term> }
export interface Term { readonly coefficient: number; readonly leaf: Scalar }

const number = (constant: number): Affine => ({ constant, terms: new Map() });

/** `s` as an affine form over integers, or undefined. `leafKey` names what may stand as a term. */
export function affineOf(s: Scalar, leafKey: (s: Scalar) => string | undefined): Affine | undefined {
  const key = leafKey(s);
  if (key !== undefined) return { constant: 0, terms: new Map([[key, { coefficient: 1, leaf: s }]]) };
  const of = (x: Scalar): Affine | undefined => affineOf(x, leafKey);
  switch (s.kind) {
    case 'lit': return Number.isInteger(s.value) ? number(s.value) : undefined;
    case 'arg': case 'pos': case 'size': case 'select': return undefined;
    case 'unary': {
      const a = s.op === 'neg' ? of(s.a) : undefined;
      return a && scaled(a, -1);
    }
    case 'binary': {
      const a = of(s.a);
      const b = of(s.b);
      if (!a || !b) return undefined;
      if (s.op === 'add') return sum(a, b);
      if (s.op === 'sub') return sum(a, scaled(b, -1));
      if (s.op !== 'mul') return undefined;
      return a.terms.size === 0 ? scaled(b, a.constant) : b.terms.size === 0 ? scaled(a, b.constant) : undefined;
    }
    default: return s satisfies never;
  }
}

export function sum(a: Affine, b: Affine): Affine {
  const terms = new Map(a.terms);
  for (const [key, t] of b.terms) {
    const coefficient = (terms.get(key)?.coefficient ?? 0) + t.coefficient;
    if (coefficient === 0) terms.delete(key);
    else terms.set(key, { ...t, coefficient });
  }
  return { constant: a.constant + b.constant, terms };
}

export const scaled = (a: Affine, by: number): Affine =>
  by === 0 ? number(0) : { constant: a.constant * by, terms: new Map([...a.terms].map(([k, t]) => [k, { ...t, coefficient: t.coefficient * by }])) };

/** First and last position of the windows that an axis has inside a loop. */
export interface Range { readonly first: Scalar; readonly last: Scalar }

/** The window of an axis with origin a0: [a0, min(a0 + size, length) − 1]; the whole axis where it has no origin. */
export function windowRange(axis: Axis, block: number | undefined): Range {
  if (block === undefined) return { first: lit(0), last: plus(size(axis), -1) };
  if (block === 1) return { first: pos(axis), last: pos(axis) };
  return { first: pos(axis), last: plus(binary('min', plus(pos(axis), block), size(axis)), -1) };
}

/** The smallest (`sign` 1) or largest (−1) value of an affine form when positions range over windows. Needs no side conditions: each term is extreme on its own. */
export function extreme(a: Affine, lowest: boolean, rangeOf: (axis: Axis) => Range): Scalar {
  let out: Scalar | undefined;
  let { constant } = a;
  for (const { coefficient, leaf } of a.terms.values()) {
    const range = leaf.kind === 'pos' ? rangeOf(leaf.axis) : undefined;
    const [value, offset] = withoutLiteral(range ? (coefficient > 0 === lowest ? range.first : range.last) : leaf);
    constant += coefficient * offset;
    const times = Math.abs(coefficient);
    const term = times === 1 ? value : binary('mul', lit(times), value);
    out = out === undefined ? (coefficient > 0 ? term : unary('neg', term)) : binary(coefficient > 0 ? 'add' : 'sub', out, term);
  }
  return out === undefined ? lit(constant) : plus(out, constant);
}

/** `x + 3` as x and 3. */
function withoutLiteral(s: Scalar): readonly [Scalar, number] {
  if (s.kind !== 'binary' || s.b.kind !== 'lit') return [s, 0];
  return s.op === 'add' ? [s.a, s.b.value] : s.op === 'sub' ? [s.a, -s.b.value] : [s, 0];
}

/** `s + n`, a sum with a literal or a difference folded. */
export function plus(s: Scalar, n: number): Scalar {
  if (n === 0) return s;
  if (s.kind === 'lit') return lit(s.value + n, s.span);
  if (s.kind === 'binary' && s.op === 'add' && s.b.kind === 'lit') return plus(s.a, s.b.value + n);
  if (s.kind === 'binary' && s.op === 'sub' && s.b.kind === 'lit') return plus(s.a, n - s.b.value);
  return n > 0 ? binary('add', s, lit(n)) : binary('sub', s, lit(-n));
}

export const negated = (s: Scalar): Scalar => {
  if (s.kind === 'lit') return lit(-s.value, s.span);
  if (s.kind === 'unary' && s.op === 'neg') return s.a;
  if (s.kind === 'binary' && s.op === 'add' && s.b.kind === 'lit') return plus(negated(s.a), -s.b.value);
  if (s.kind === 'binary' && s.op === 'sub') return s.b.kind === 'lit' ? plus(negated(s.a), s.b.value) : binary('sub', s.b, s.a);
  return unary('neg', s);
};

export const larger = (a: Scalar, b: Scalar): Scalar => nested('max', a, b);
export const smaller = (a: Scalar, b: Scalar): Scalar => nested('min', a, b);
export const atLeast0 = (s: Scalar): Scalar => (s.kind === 'lit' ? lit(Math.max(0, s.value)) : larger(lit(0), s));

/** max or min of what `a` and `b` take it of, each operand once. */
function nested(op: 'max' | 'min', a: Scalar, b: Scalar): Scalar {
  const operands = (s: Scalar): readonly Scalar[] => (s.kind === 'binary' && s.op === op ? [...operands(s.a), ...operands(s.b)] : [s]);
  const distinct = [...new Map([...operands(a), ...operands(b)].map((s) => [scalarKey(s), s])).values()];
  return distinct.reduce((x, y) => binary(op, x, y));
}

/** The largest multiple of `step` that is not above `s`. */
export const floorTo = (s: Scalar, step: number): Scalar =>
  s.kind === 'lit' ? lit(Math.floor(s.value / step) * step) : step === 1 ? s : binary('mul', unary('floor', binary('div', s, lit(step))), lit(step));
export const ceilTo = (s: Scalar, step: number): Scalar => floorTo(plus(s, step - 1), step);
