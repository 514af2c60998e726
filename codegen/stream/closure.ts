import type { DType } from '../../dsl/dtype.js';
import type { ReduceOp, TensorExpr } from '../../dsl/expr.js';
import type { Cascade, Member } from './cascade.js';
import { hasExp } from './classes.js';
import { called } from './describe.js';
import type { Normalizer } from './frame.js';
import { normalForm } from './normalForm.js';
import { isUnit, partKey, unit, type Factor, type Part, type Sum } from './parts.js';
import { collapse, factorSign } from './products.js';
import { refuseDimension, refuseSign } from './refuse.js';
import { moves, productMoves, type Move } from './transport.js';

/** The most states that one reduction may need. */
export const dimensionLimit = 4;

/** An operand of a state's block: a tensor of the source as it is, or a data part rounded to `dtype`. */
export type Side = { readonly kind: 'raw'; readonly e: TensorExpr } | { readonly kind: 'part'; readonly part: Part; readonly dtype: DType };
/** One accumulator: ⊕ of `lhs` over the axis, or Σ lhs·rhs. */
export interface Accumulator { readonly key: string; readonly monoid: ReduceOp; readonly lhs: Side; readonly rhs: Side | undefined; readonly of: Member }
/** A member's value: Σ factor · accumulator, plus for max and min factors of their own. */
export interface MemberValue {
  readonly terms: readonly { readonly accumulator: number; readonly factors: readonly Factor[] }[];
  readonly plus: readonly Factor[];
}
export interface Closure {
  readonly accumulators: readonly Accumulator[];
  readonly values: ReadonlyMap<TensorExpr, MemberValue>;
  /** Row i of T: accumulator i at the new reference from accumulators at the old one. */
  readonly rows: readonly (readonly { readonly from: number; readonly move: Move }[])[];
  /** Accumulators a member needs, itself included: its dimension p. */
  readonly needs: ReadonlyMap<TensorExpr, readonly number[]>;
}

/** The finite basis on which a cascade's sums and maxima move with their references. Throws S105 and S106. */
export function closure(cascade: Cascade, n: Normalizer): Closure {
  const found: Accumulator[] = [];
  const index = (a: Omit<Accumulator, 'key'>): number => {
    const key = `${a.monoid}|${sideKey(a.lhs, n)}|${a.rhs ? sideKey(a.rhs, n) : ''}`;
    const before = found.findIndex((f) => f.key === key);
    return before >= 0 ? before : found.push({ ...a, key }) - 1;
  };
  const sums = normalForm(n);
  // max and min move by adding constants: powers stay as they are, only exponents become relative.
  const extrema = normalForm({ ...n, shifts: new Map([...n.shifts].map(([a, s]) => [a, { ...s, powers: false }])) });
  const values = new Map<TensorExpr, MemberValue>();
  for (const m of cascade.members) values.set(m, memberValue(m, n, sums, extrema, index));
  const rows: (readonly { readonly from: number; readonly move: Move }[])[] = [];
  for (let i = 0; i < found.length; i++) {
    const a = found[i];
    if (a) rows.push(rowOf(a, n).map(({ to, move }) => ({ from: index(to), move })));
  }
  const needs = new Map([...values].map(([m, v]) => [m, reached(v.terms.map((t) => t.accumulator), rows)]));
  for (const [m, all] of needs) if (all.length > dimensionLimit) refuseDimension(m, all.length, dimensionLimit);
  return { accumulators: found, values, rows, needs };
}

function reached(start: readonly number[], rows: readonly (readonly { readonly from: number }[])[]): readonly number[] {
  const seen = new Set<number>();
  const visit = (i: number): void => {
    if (seen.has(i)) return;
    seen.add(i);
    for (const r of rows[i] ?? []) visit(r.from);
  };
  start.forEach(visit);
  return [...seen];
}

type Intern = (a: Omit<Accumulator, 'key'>) => number;
type Form = (e: TensorExpr) => Sum;

function memberValue(m: Member, n: Normalizer, sums: Form, extrema: Form, index: Intern): MemberValue {
  if (m.kind === 'dot') return dotValue(m, n, sums, index);
  if (isRaw(m.arg, n)) return { terms: [{ accumulator: index({ monoid: m.op, lhs: { kind: 'raw', e: m.arg }, rhs: undefined, of: m }), factors: [{ coef: 1, part: unit }] }], plus: [] };
  if (m.op !== 'sum') return extremumValue(m, m.op, n, extrema(m.arg), index);
  const terms = sums(m.arg).map((t) => ({ accumulator: index({ monoid: 'sum', lhs: { kind: 'part', part: t.data, dtype: 'f32' }, rhs: undefined, of: m }), factors: t.factors }));
  return { terms, plus: [] };
}

/** Data without an exponent that would need a reference stays the author's own tensor. */
const isRaw = (e: TensorExpr, n: Normalizer): boolean => (n.classes(e) === 'data' || n.classes(e) === 'const') && !(n.shifts.size > 0 && restated(e, n));

/** Whether a reference of this fold restates data: its exponent, or itself in a power. */
function restated(e: TensorExpr, n: Normalizer): boolean {
  if (e.kind === 'cast') return restated(e.arg, n);
  const shift = n.shifts.get(n.table.atom({ kind: 'data', scalar: n.table.leaf({ kind: 'tensor', e }) }));
  return shift?.powers === true || (e.kind === 'map' && hasExp(e.fn, e.args));
}

function dotValue(m: Member & { readonly kind: 'dot' }, n: Normalizer, sums: Form, index: Intern): MemberValue {
  const sides = (e: TensorExpr): readonly { readonly side: Side; readonly factors: readonly Factor[] }[] =>
    isRaw(e, n) ? [{ side: { kind: 'raw', e }, factors: [{ coef: 1, part: unit }] }] : sums(e).map((t) => ({ side: { kind: 'part', part: t.data, dtype: e.dtype }, factors: t.factors }));
  const terms = sides(m.lhs).flatMap((l) => sides(m.rhs).map((r) => {
    const factors = isOne(l.factors) ? r.factors : isOne(r.factors) ? l.factors : collapse(l.factors, n).flatMap((f) => collapse(r.factors, n).map((g): Factor => ({ coef: f.coef * g.coef, part: timesParts(f.part, g.part) })));
    return { accumulator: index({ monoid: 'sum', ...paired(l.side, r.side), of: m }), factors };
  }));
  return { terms, plus: [] };
}

const isOne = (fs: readonly Factor[]): boolean => fs.length === 1 && fs.every((f) => f.coef === 1 && isUnit(f.part));
const timesParts = (a: Part, b: Part): Part => ({ pow: merged(a.pow, b.pow), exp: merged(a.exp, b.exp), guards: [...new Set([...a.guards, ...b.guards])] });
const merged = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): ReadonlyMap<number, number> => new Map([...a, ...[...b].map(([k, c]) => [k, c + (a.get(k) ?? 0)] as const)]);

/** 1 · x is a plain sum of x. */
function paired(lhs: Side, rhs: Side): Pick<Accumulator, 'lhs' | 'rhs'> {
  const isTrivial = (s: Side): boolean => s.kind === 'part' && isUnit(s.part);
  if (isTrivial(lhs)) return { lhs: rhs, rhs: undefined };
  if (isTrivial(rhs)) return { lhs, rhs: undefined };
  return { lhs, rhs };
}

/** max(a·ρ + β) = ρ·max(a) + β for a positive ρ, ρ·min(a) + β for a negative one. */
function extremumValue(m: Member, op: 'max' | 'min', n: Normalizer, sum: Sum, index: Intern): MemberValue {
  const data = sum.filter((t) => !isUnit(t.data));
  const plus = sum.filter((t) => isUnit(t.data)).flatMap((t) => t.factors);
  const [term] = data;
  const [factor] = term ? collapse(term.factors, n) : [];
  if (!term || !factor || data.length > 1) return refuseSign(op, data.length > 1 ? 'a difference of terms that move apart' : 'the operand', m);
  const sign = factorSign(factor, n);
  if (sign === 'unknown') return refuseSign(op, factorText(factor, n), m);
  const monoid = sign === 'positive' ? op : op === 'max' ? 'min' : 'max';
  return { terms: [{ accumulator: index({ monoid, lhs: { kind: 'part', part: term.data, dtype: 'f32' }, rhs: undefined, of: m }), factors: [factor] }], plus };
}

function factorText(f: Factor, n: Normalizer): string {
  const names = [...f.part.pow.keys()].map((a) => {
    const s = n.table.scalarOf(a);
    const l = s.kind === 'arg' ? n.table.leafAt(s.index) : undefined;
    return l?.kind === 'tensor' ? called(l.e) : s.span.text;
  });
  return names.join('·');
}

function sideKey(s: Side, n: Normalizer): string {
  return s.kind === 'part' ? `${partKey(s.part)}:${s.dtype}` : `raw ${n.table.key(n.table.leaf({ kind: 'tensor', e: s.e }))}`;
}

function rowOf(a: Accumulator, n: Normalizer): readonly { readonly to: Omit<Accumulator, 'key'>; readonly move: Move }[] {
  const own = (s: Side): readonly Move[] => (s.kind === 'part' ? moves(s.part, n.table) : [{ coef: 1, pow: new Map(), exp: new Map(), part: unit }]);
  const side = (s: Side, part: Part): Side => (s.kind === 'part' ? { ...s, part } : s);
  if (!a.rhs) return own(a.lhs).map((move) => ({ to: { monoid: a.monoid, lhs: side(a.lhs, move.part), rhs: undefined, of: a.of }, move }));
  const { rhs } = a;
  return productMoves(own(a.lhs), own(rhs)).map((move) => ({ to: { monoid: a.monoid, ...paired(side(a.lhs, move.part), side(rhs, move.other)), of: a.of }, move }));
}
