import type { TensorExpr } from '../../dsl/expr.js';
import { binary, lit, select, unary, type BinaryOp, type Scalar, type UnaryOp } from '../../dsl/scalar.js';
import type { Closure, MemberValue } from './closure.js';
import type { Normalizer } from './frame.js';
import { partKey, plus, type Factor, type Part } from './parts.js';
import { addScalar, expScalar, known, scaled } from './table.js';

/** `value`·e^{Σ c·atom}: the scale stays apart until it cancels or is needed. */
export interface Scaled { readonly value: Scalar; readonly scale: ReadonlyMap<number, number> }

const none: ReadonlyMap<number, number> = new Map();

/**
 * What leaves the reductions of a cascade: factors that only follow references, and whatever the program computes from
 * finished sums without the axis. Returns scalar code over the fold's states and references. Scales e^{m} that an
 * introduced reference took out of a sum are carried symbolically through products, quotients, logarithms and
 * comparisons with 0, so that exp(s)/Σexp(s) never computes e^{m}.
 */
export function epilogue(n: Normalizer, closure: Closure, isAbsorbed: (e: TensorExpr) => boolean): (e: TensorExpr) => Scalar {
  const memo = new Map<TensorExpr, Scaled>();
  const { table } = n;
  const tensor = (e: TensorExpr): Scaled => {
    const before = memo.get(e);
    if (before) return before;
    const made = ofTensor(e);
    memo.set(e, made);
    return made;
  };
  const ofTensor = (e: TensorExpr): Scaled => {
    const value = closure.values.get(e);
    if (value) return ofMember(value);
    if (e.kind === 'map' && isAbsorbed(e)) return scalar(table.lift(e.fn, e.args));
    return { value: table.leaf({ kind: 'tensor', e }), scale: none };
  };

  const ofMember = (v: MemberValue): Scaled => {
    // Factors first: (r − μ)·A stays exact where r·A − μ·A would cancel.
    const terms = v.terms.map((t) => times(total(t.factors.map(ofFactor)), table.leaf({ kind: 'state', index: t.accumulator })));
    return total([...terms, ...v.plus.map(ofFactor)]);
  };
  const total = (all: readonly Scaled[]): Scaled => all.reduce<Scaled | undefined>((sum, t) => (sum ? sumOf(sum, t, 'add') : t), undefined) ?? { value: lit(0), scale: none };
  const times = (s: Scaled, state: Scalar): Scaled => ({ ...s, value: s.value.kind === 'lit' && s.value.value === 1 ? state : s.value.kind === 'lit' ? scaled(state, s.value.value) : binary('mul', state, s.value, state.span) });
  const ofFactor = (f: Factor): Scaled => {
    const { value, scale } = ofPart(f.part);
    return { value: value.kind === 'lit' && value.value === 1 ? lit(f.coef) : scaled(value, f.coef), scale };
  };
  const ofPart = (p: Part): Scaled => {
    let scale = p.exp;
    const scalars = new Map<number, Scalar>();
    for (const [atom, c] of p.pow) {
      const s = scalar(table.scalarOf(atom));
      scale = plus(scale, s.scale, c);
      scalars.set(atom, s.value);
    }
    const guards = p.guards.map((g) => materialised(scalar(table.scalarOf(g))));
    const body = product(p, (a) => known(scalars.get(a), 'factor'));
    // A scale that is left must stand under the guard: 0·e^x is NaN where e^x overflows.
    return guards.length === 0 ? { value: body, scale } : { value: guards.reduce((s, g) => guarded(g, s), materialised({ value: body, scale })), scale: none };
  };

  const materialised = (s: Scaled): Scalar => (s.scale.size === 0 ? s.value : binary('mul', s.value, expOfScale(s.scale), s.value.span));
  const expOfScale = (scale: ReadonlyMap<number, number>): Scalar => expScalar(scale, (a) => materialised(scalar(table.scalarOf(a))));

  const isZero = (x: Scaled): boolean => x.value.kind === 'lit' && x.value.value === 0;
  /** The scale of both, or none: e^x taken out of one operand alone could overflow in the other. */
  const common = (a: Scaled, b: Scaled): ReadonlyMap<number, number> => (isZero(a) ? b.scale : isZero(b) || plus(a.scale, b.scale, -1).size === 0 ? a.scale : none);
  const atScale = (x: Scaled, scale: ReadonlyMap<number, number>): Scalar => (isZero(x) ? x.value : materialised({ value: x.value, scale: plus(x.scale, scale, -1) }));
  const sumOf = (a: Scaled, b: Scaled, op: 'add' | 'sub' | 'max' | 'min'): Scaled => {
    const scale = common(a, b);
    return { value: op === 'add' ? addScalar(atScale(a, scale), atScale(b, scale)) : binary(op, atScale(a, scale), atScale(b, scale), a.value.span), scale };
  };

  const scalar = (s: Scalar): Scaled => {
    const plainly = (value: Scalar): Scaled => ({ value, scale: none });
    // A bare max is exact: it may lie below the floor that its reference starts at.
    const alias = s.kind === 'arg' ? undefined : n.references.get(table.key(s));
    if (alias) return plainly(scaled(table.leaf({ kind: 'reference', index: alias.reference }), alias.unit));
    switch (s.kind) {
      case 'lit': case 'pos': case 'size': return plainly(s);
      case 'arg': {
        const l = table.leafAt(s.index);
        return l.kind === 'tensor' ? tensor(l.e) : plainly(s);
      }
      case 'unary': return unaryScale[s.op] === 'sign' ? { ...scalar(s.a), value: { ...s, a: scalar(s.a).value } } : ofUnary(s, scalar(s.a));
      case 'binary': return ofBinary(s, scalar(s.a), scalar(s.b));
      case 'select': {
        const [a, b] = [scalar(s.a), scalar(s.b)];
        // The author's own large factors stay in their branch; what this fold took out of its sums may wait outside to cancel.
        const shared = common(a, b);
        const scale = [...shared.keys()].every((atom) => table.at(atom).kind === 'reference') ? shared : none;
        return { value: select(materialised(scalar(s.cond)), atScale(a, scale), atScale(b, scale), s.span), scale };
      }
      default: return s satisfies never;
    }
  };
  const ofUnary = (s: Scalar & { readonly kind: 'unary' }, a: Scaled): Scaled => {
    if (a.scale.size === 0) return { value: { ...s, a: a.value }, scale: none };
    if (s.op === 'log' || s.op === 'log2') {
      const unit = s.op === 'log' ? 1 : Math.LOG2E;
      return { value: [...a.scale].reduce<Scalar>((sum, [atom, c]) => addScalar(sum, scaled(materialised(scalar(table.scalarOf(atom))), c * unit)), unary(s.op, a.value, s.span)), scale: none };
    }
    if (s.op === 'sqrt' || s.op === 'rsqrt') return { value: { ...s, a: a.value }, scale: plus(none, a.scale, s.op === 'sqrt' ? 0.5 : -0.5) };
    return { value: { ...s, a: materialised(a) }, scale: none };
  };
  const ofBinary = (s: Scalar & { readonly kind: 'binary' }, a: Scaled, b: Scaled): Scaled => {
    switch (binaryScale[s.op]) {
      case 'product': return { value: { ...s, a: a.value, b: b.value }, scale: plus(a.scale, b.scale) };
      case 'quotient': return { value: { ...s, a: a.value, b: b.value }, scale: plus(a.scale, b.scale, -1) };
      case 'sum': return a.scale.size + b.scale.size === 0 ? { value: { ...s, a: a.value, b: b.value }, scale: none } : sumOf(a, b, s.op === 'sub' || s.op === 'max' || s.op === 'min' ? s.op : 'add');
      case 'comparison': {
        const isFree = isZero(a) || isZero(b) || partKey({ pow: none, exp: a.scale, guards: [] }) === partKey({ pow: none, exp: b.scale, guards: [] });
        return { value: { ...s, a: isFree ? a.value : materialised(a), b: isFree ? b.value : materialised(b) }, scale: none };
      }
      case 'opaque': return { value: { ...s, a: materialised(a), b: materialised(b) }, scale: none };
      default: throw new Error(`internal error in stage 'stream': operator ${s.op}`);
    }
  };
  return (e) => materialised(tensor(e));
}

/** What a positive scale does to an operator's value. */
const unaryScale: Readonly<Record<UnaryOp, 'sign' | 'other'>> = {
  neg: 'sign', abs: 'sign', not: 'other', sqrt: 'other', rsqrt: 'other', exp: 'other', exp2: 'other', log: 'other', log2: 'other',
  sin: 'other', cos: 'other', tanh: 'other', floor: 'other', ceil: 'other', trunc: 'other',
};
const binaryScale: Readonly<Record<BinaryOp, 'product' | 'quotient' | 'sum' | 'comparison' | 'opaque'>> = {
  mul: 'product', div: 'quotient', add: 'sum', sub: 'sum', max: 'sum', min: 'sum',
  lt: 'comparison', le: 'comparison', eq: 'comparison', rem: 'opaque', pow: 'opaque', and: 'opaque', or: 'opaque',
};

function guarded(cond: Scalar, body: Scalar): Scalar {
  return cond.kind === 'unary' && cond.op === 'not' ? select(cond.a, lit(0, cond.span), body, cond.span) : select(cond, body, lit(0, cond.span), cond.span);
}

/** Π xⁿ, quotients written as such. */
function product(p: Part, scalarOf: (atom: number) => Scalar): Scalar {
  const raised = (x: Scalar, k: number): Scalar => (k === 1 ? x : k === 0.5 ? unary('sqrt', x, x.span) : k === 2 ? binary('mul', x, x, x.span) : binary('pow', x, lit(k, x.span), x.span));
  const over = [...p.pow].filter(([, k]) => k > 0).map(([a, k]) => raised(scalarOf(a), k));
  const under = [...p.pow].filter(([, k]) => k < 0).map(([a, k]) => raised(scalarOf(a), -k));
  const times = (xs: readonly Scalar[]): Scalar => xs.reduce((a, b) => binary('mul', a, b, a.span));
  const top = over.length > 0 ? times(over) : lit(1);
  return under.length > 0 ? binary('div', top, times(under), top.span) : top;
}
