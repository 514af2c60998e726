import type { TensorExpr } from '../../dsl/expr.js';
import { unary, type Scalar } from '../../dsl/scalar.js';
import { classOf, cutsOff, hasExp } from './classes.js';
import { absolute, choice, extremum, selectSum } from './decisions.js';
import { expSum } from './exponent.js';
import { placeOf, type Frame, type Normalizer } from './frame.js';
import { addSums, dataTerm, freeTerm, number, powerOf, scaleSum, type Part, type Sum } from './parts.js';
import { factorSign, inverse, product, scaledPower, single } from './products.js';
import { refuseDecision, refuseFunction, refuseOperator, refuseRounding, type Place } from './refuse.js';

/** The most factors a power is multiplied out into; well above the closure's limit. */
const powerLimit = 8;

/** Tensors in normal form: Σ data · Σ factors that do not vary along the cascade's axis. Throws S102, S103, S104 or S107 where there is none. */
export function normalForm(n: Normalizer): (e: TensorExpr) => Sum {
  const memo = new Map<TensorExpr, Sum>();
  const tensor = (e: TensorExpr): Sum => {
    const made = memo.get(e) ?? ofTensor(e, n, tensor);
    memo.set(e, made);
    return made;
  };
  return tensor;
}

type OfTensor = (e: TensorExpr) => Sum;

function ofTensor(e: TensorExpr, n: Normalizer, tensor: OfTensor): Sum {
  const kind = n.classes(e);
  const place: Place = { args: [e], roles: n.cascade.roles };
  if (kind !== 'mixed' && !(e.kind === 'map' && hasExp(e.fn, e.args))) return pure(n.table.leaf({ kind: 'tensor', e }), kind, n);
  switch (e.kind) {
    case 'map': return ofScalar(e.fn, { n, args: e.args, tensor, scalar: ofScalar });
    case 'cast': {
      if (cutsOff(e.dtype)) return refuseRounding(`cast to ${e.dtype}`, e.arg, e.span, place);
      return tensor(e.arg);
    }
    case 'reduce': case 'dot': case 'reaxis': case 'gather': return pushed(e, n, tensor);
    case 'topk': case 'input': case 'carry': case 'fold': return refuseOperator(e, place);
    default: return e satisfies never;
  }
}

/** A linear operator over another axis passes the factors that do not have its axes. */
function pushed(e: TensorExpr, n: Normalizer, tensor: OfTensor): Sum {
  const place: Place = { args: [e], roles: n.cascade.roles };
  const operand = linearOperand(e, n);
  if (!operand) return refuseOperator(e, place);
  const gone = e.kind === 'reduce' ? [e.axis] : e.kind === 'dot' ? [e.over] : e.kind === 'gather' ? [e.axis] : e.kind === 'reaxis' ? (e.how.kind === 'merge' ? [e.how.outer, e.how.inner] : [e.how.from]) : [];
  return addSums(...tensor(operand).map((t) => {
    const varies = t.factors.some((f) => partAxes(f.part, n).some((a) => gone.includes(a)));
    if (varies) return refuseOperator(e, place);
    const atom = n.table.atom({ kind: 'data', scalar: n.table.leaf({ kind: 'pushed', e, inner: t.data }) });
    return [{ data: powerOf(atom), factors: t.factors }];
  }));
}

/** The one operand that follows references, when `e` is linear in it. */
export function linearOperand(e: TensorExpr, n: Pick<Normalizer, 'classes'>): TensorExpr | undefined {
  const isMixed = (x: TensorExpr): boolean => n.classes(x) === 'mixed' || n.classes(x) === 'free';
  switch (e.kind) {
    case 'reduce': return e.op === 'sum' ? e.arg : undefined;
    case 'dot': return isMixed(e.lhs) && isMixed(e.rhs) ? undefined : isMixed(e.lhs) ? e.lhs : e.rhs;
    case 'reaxis': return e.arg;
    case 'gather': return e.outside === 0 && !isMixed(e.index) ? e.from : undefined;
    default: return undefined;
  }
}

function partAxes(p: Part, n: Normalizer): readonly string[] {
  return [...p.pow.keys(), ...p.exp.keys(), ...p.guards].flatMap((a) => n.classes.axesOf(n.table.scalarOf(a)));
}

/** One atom, shifted where the atom has a reference. */
function pure(s: Scalar, kind: 'const' | 'data' | 'free', n: Normalizer): Sum {
  if (s.kind === 'lit') return number(s.value);
  const alias = kind === 'data' ? undefined : n.references.get(n.table.key(s));
  if (alias) return freeTerm(powerOf(n.table.atom({ kind: 'reference', reference: alias.reference })), alias.unit);
  const atom = n.table.atom({ kind: kind === 'data' ? 'data' : 'free', scalar: s });
  if (kind !== 'data') return freeTerm(powerOf(atom));
  const shift = n.shifts.get(atom);
  if (!shift?.powers) return dataTerm(powerOf(atom));
  const shifted = n.table.atom({ kind: 'shifted', base: atom, reference: shift.reference });
  return addSums(dataTerm(powerOf(shifted)), freeTerm(powerOf(n.table.atom({ kind: 'reference', reference: shift.reference }))));
}

function ofScalar(s: Scalar, f: Frame): Sum {
  const kind = classOf(s, f.args, f.n.classes, f.n.cascade.axis);
  if (kind !== 'mixed' && !hasExp(s, f.args)) return pure(f.n.table.lift(s, f.args), kind, f.n);
  const go = (x: Scalar): Sum => ofScalar(x, f);
  const place = placeOf(f);
  switch (s.kind) {
    case 'lit': case 'pos': case 'size': return pure(s, 'const', f.n);
    case 'arg': {
      const e = f.args[s.index];
      if (!e) throw new Error(`internal error in stage 'stream': no operand ${s.index}`);
      return f.tensor(e);
    }
    case 'select': return selectSum(s, f);
    case 'binary':
      switch (s.op) {
        case 'add': return addSums(go(s.a), go(s.b));
        case 'sub': return addSums(go(s.a), scaleSum(go(s.b), -1));
        case 'mul': return product(go(s.a), go(s.b), f.n);
        case 'div': return product(go(s.a), inverse(go(s.b), s.b, s, f), f.n);
        case 'pow': return power(s, f);
        case 'max': case 'min': return extremum(s, f);
        case 'lt': case 'le': case 'eq': case 'and': case 'or': return refuseDecision(s.op, s, place);
        case 'rem': return refuseFunction('the remainder', s, s, place);
        default: return s satisfies never;
      }
    case 'unary':
      switch (s.op) {
        case 'neg': return scaleSum(go(s.a), -1);
        case 'exp': return ofExp(s.a, s, 1, f);
        case 'exp2': return ofExp(s.a, s, Math.LN2, f);
        case 'log': return logarithm(s.a, s, 1, f);
        case 'log2': return logarithm(s.a, s, Math.LOG2E, f);
        case 'sqrt': return root(s.a, s, 0.5, f);
        case 'rsqrt': return root(s.a, s, -0.5, f);
        case 'abs': return absolute(s, f);
        case 'not': return refuseDecision('not', s, place);
        case 'floor': case 'ceil': case 'trunc': return refuseRounding(s.op, s.a, s.span, place);
        case 'sin': case 'cos': case 'tanh': return refuseFunction(s.op, s.a, s, place);
        default: return s satisfies never;
      }
    default: return s satisfies never;
  }
}

function power(s: Scalar & { readonly kind: 'binary' }, f: Frame): Sum {
  const place = placeOf(f);
  if (s.a.kind === 'lit' && s.a.value > 0) return ofExp(s.b, s, Math.log(s.a.value), f);
  if (s.b.kind !== 'lit') return refuseFunction('the power', s, s, place);
  const base = ofScalar(s.a, f);
  const n = s.b.value;
  if (Number.isInteger(n) && n >= 0 && n <= powerLimit) return Array.from({ length: n }).reduce<Sum>((p) => product(p, base, f.n), number(1));
  return scaledPower(base, n, s.a, s, 'the power', f);
}

const root = (of: Scalar, at: Scalar, n: number, f: Frame): Sum => scaledPower(ofScalar(of, f), n, of, at, n > 0 ? 'sqrt' : 'rsqrt', f);

/** exp of a choice is the choice of exps, so that a mask may stand inside or outside. */
function ofExp(of: Scalar, at: Scalar, base: number, f: Frame): Sum {
  const [inner, frame] = opened(of, f);
  if (inner.kind === 'lit' && inner.value === -Infinity) return [];
  const hasMixedBranch = inner.kind === 'select' && classOf(inner, frame.args, f.n.classes, f.n.cascade.axis) === 'mixed';
  if (hasMixedBranch && classOf(inner.cond, frame.args, f.n.classes, f.n.cascade.axis) !== 'mixed') {
    return choice(inner.cond, ofExp(inner.a, at, base, frame), ofExp(inner.b, at, base, frame), frame);
  }
  return expSum(ofScalar(inner, frame), base, inner, at, f.n, { args: frame.args, roles: f.n.cascade.roles });
}

/** The scalar code behind an operand that is itself a map, in its own frame; casts that cut nothing off are transparent. */
function opened(s: Scalar, f: Frame): readonly [Scalar, Frame] {
  if (s.kind !== 'arg') return [s, f];
  const e = f.args[s.index];
  if (e?.kind === 'cast' && !cutsOff(e.dtype)) return opened({ ...s, index: 0 }, { ...f, args: [e.arg] });
  return e?.kind === 'map' && f.n.classes(e) === 'mixed' ? opened(e.fn, { ...f, args: e.args }) : [s, f];
}

/** log(x·y) = log x + log y, where the factor is known to be positive. */
function logarithm(of: Scalar, at: Scalar, base: number, f: Frame): Sum {
  const sum = ofScalar(of, f);
  const one = single(sum, f.n);
  const place = placeOf(f);
  if (!one || one.data.guards.length > 0 || one.factor.part.guards.length > 0) return refuseFunction('log', of, at, place);
  const trivial = one.data.pow.size === 0 || factorSign(one.factor, f.n) === 'positive';
  if (!trivial || one.factor.coef <= 0) return refuseFunction('log', of, at, place);
  const logOf = (atom: number, kind: 'data' | 'free'): Sum => pure(unary('log', f.n.table.scalarOf(atom)), kind, f.n);
  return scaleSum(addSums(
    ...[...one.data.pow].map(([a, c]) => scaleSum(logOf(a, 'data'), c)),
    ...[...one.data.exp].map(([a, c]) => scaleSum(pure(f.n.table.scalarOf(f.n.table.baseOf(a)), 'data', f.n), c)),
    ...[...one.factor.part.pow].map(([a, c]) => scaleSum(logOf(a, 'free'), c)),
    // What the exponent of a shifted atom lacks, its factor has: base − reference + reference.
    ...[...one.factor.part.exp].filter(([a]) => !isOwn(a, one.data, f.n)).map(([a, c]) => freeTerm(powerOf(a), c)),
    ...[...one.data.exp].flatMap(([a, c]) => ownCorrection(a, c, one.factor.part, f.n)),
    number(Math.log(one.factor.coef)),
  ), base);
}

const isOwn = (reference: number, data: Part, n: Normalizer): boolean => [...data.exp.keys()].some((a) => referenceOf(a, n) === reference);
function referenceOf(atom: number, n: Normalizer): number | undefined {
  const a = n.table.at(atom);
  return a.kind === 'shifted' ? n.table.atom({ kind: 'reference', reference: a.reference }) : undefined;
}
/** e^{c(x−r)} · e^{d r}: its logarithm is c·x + (d − c)·r. */
function ownCorrection(atom: number, c: number, factor: Part, n: Normalizer): readonly Sum[] {
  const reference = referenceOf(atom, n);
  return reference === undefined ? [] : [freeTerm(powerOf(reference), (factor.exp.get(reference) ?? 0) - c)].filter((s) => s[0]?.factors[0]?.coef !== 0);
}
