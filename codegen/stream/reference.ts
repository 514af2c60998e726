import type { TensorExpr } from '../../dsl/expr.js';
import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import { timesLog2E } from './baseTwo.js';
import type { Cascade, Member } from './cascade.js';
import type { Alias, Normalizer, Shift } from './frame.js';
import { normalForm } from './normalForm.js';
import { isUnit, partKey, type Part, type Sum } from './parts.js';
import { narrowed } from './narrow.js';
import type { Table } from './table.js';

/** Where a running max starts when the author gives no floor: below it a score counts as masked. */
export const floorStart = -(2 ** 100);

/** What the states of a fold are stated relative to: the running max or mean of `base`, where `atom` = unit·base. */
export type ReferencePlan =
  | { readonly kind: 'max'; readonly atom: number; readonly base: number; readonly unit: number; readonly start: number; readonly author: Member | undefined }
  | { readonly kind: 'mean'; readonly atom: number; readonly base: number; readonly unit: 1; readonly weight: Part };

export interface Choice {
  readonly plans: readonly ReferencePlan[];
  readonly shifts: ReadonlyMap<number, Shift>;
  /** Keys of the author's expressions that a reference is. */
  readonly references: ReadonlyMap<string, Alias>;
}

/**
 * Chooses references. An exponent of data gets the running max of that very atom, so exponent − reference ≤ 0 by
 * construction: the author's max where there is one, else an introduced one, provided that something takes the exponent's
 * scale out again (a reference of the author's in the exponent, a division by the sum, its logarithm). Powers x⁰ … xⁿ of
 * one atom get its running mean, so that central moments do not cancel.
 */
export function chooseReferences(cascade: Cascade, n: Normalizer, nodes: readonly TensorExpr[]): Choice {
  const tensor = normalForm(n);
  const sums = cascade.members.flatMap((m): readonly (readonly [Member, Sum])[] => (m.kind === 'dot' ? [[m, tensor(m.lhs)], [m, tensor(m.rhs)]] : m.op === 'sum' ? [[m, tensor(m.arg)]] : []));
  const maxBodies = cascade.members.flatMap((m) => (m.kind === 'reduce' && m.op !== 'sum' && n.classes(m.arg) === 'mixed' ? [[m, tensor(m.arg)] as const] : []));
  const authors = authorsOf(cascade, n);
  const normalised = normalisedMembers(cascade, nodes);
  const exponents = [...new Set([...sums, ...maxBodies].flatMap(([m, sum]) => sum.flatMap((t) => {
    const isAnchored = normalised.has(m) || t.factors.some((f) => f.part.exp.size > 0);
    return exponentsOf(t.data, n.table).filter((a) => isAnchored || authors.has(keyOf(a, n.table)));
  })))];
  const polynomial = powersOf(sums.map(([, s]) => s), n.table);
  const maxPlans = exponents.map((atom): ReferencePlan => {
    const author = authors.get(keyOf(atom, n.table));
    const floor = author && floorOf(author, nodes);
    // In base 2 only where nothing else asks for the author's own units: powers of the atom, his max without a floor.
    const base = polynomial(atom) || (author && floor === undefined) ? undefined : inBaseTwo(atom, n);
    return base === undefined
      ? { kind: 'max', atom, base: atom, unit: 1, author, start: floor ?? floorStart }
      : { kind: 'max', atom, base, unit: Math.LN2, author, start: floor === undefined ? floorStart : floor * Math.LOG2E };
  });
  // A mean steps by sums of its own, which only a sum over the axis keeps.
  const meanPlans = families(sums.flatMap(([m, s]) => (m.kind === 'reduce' ? [s] : []))).filter((p) => !exponents.includes(p.atom) && polynomial(p.atom) && isPlain(p, n));
  const plans = [...maxPlans, ...meanPlans];
  return {
    plans,
    shifts: new Map(plans.map((p, reference) => [p.atom, { reference, powers: polynomial(p.atom), base: p.base, unit: p.unit }])),
    references: new Map(plans.flatMap((p, reference) => (p.kind === 'max' && p.author ? keysOf(p.author, nodes, n.table).map((k): readonly [string, Alias] => [k, { reference, unit: p.unit }]) : []))),
  };
}

/** The atom times log₂e, as a tensor: its max and its exponential read the same one. */
function inBaseTwo(atom: number, n: Normalizer): number | undefined {
  const s = n.table.scalarOf(atom);
  const made = timesLog2E(s, n);
  if (!made) return undefined;
  const leaf = (i: number): TensorExpr => {
    const l = n.table.leafAt(i);
    if (l.kind !== 'tensor') throw new Error("internal error in stage 'stream': a scale over an operator");
    return l.e;
  };
  const e = narrowed(made, leaf, s.kind === 'arg' ? leaf(s.index).span : s.span, n.classes.axesOf(s));
  return n.table.atom({ kind: 'data', scalar: n.table.leaf({ kind: 'tensor', e }) });
}

const keyOf = (atom: number, table: Table): string => table.key(table.scalarOf(atom));

/** Max reductions of plain data, by the data's key. */
export function authorsOf(cascade: Cascade, n: Pick<Normalizer, 'table' | 'classes'>): ReadonlyMap<string, Member> {
  return new Map(cascade.members.flatMap((m) => (m.kind === 'reduce' && m.op === 'max' && n.classes(m.arg) === 'data' ? [[n.table.key(n.table.leaf({ kind: 'tensor', e: m.arg })), m] as const] : [])));
}

/** Exponents of a data part, those under pushed operators included. */
function exponentsOf(p: Part, table: Table): readonly number[] {
  return [...p.exp.keys(), ...[...p.pow.keys()].flatMap((a) => { const inner = table.innerOf(a); return inner ? exponentsOf(inner, table) : []; })];
}

/** Members that the program divides by or takes the logarithm of, possibly through maps that do not vary along the axis. */
function normalisedMembers(cascade: Cascade, nodes: readonly TensorExpr[]): ReadonlySet<TensorExpr> {
  const found = new Set<TensorExpr>();
  for (const e of nodes) {
    if (e.kind !== 'map') continue;
    for (const i of scaleFree(e.fn)) {
      const a = e.args[i];
      if (a && !a.axes.includes(cascade.axis)) for (const m of cascade.roles.sources(a)) found.add(m);
    }
  }
  return found;
}

/** Operands of `s` under a division or a logarithm. */
export function scaleFree(s: Scalar): readonly number[] {
  const own = s.kind === 'binary' && s.op === 'div' ? operands(s.b) : s.kind === 'unary' && (s.op === 'log' || s.op === 'log2' || s.op === 'rsqrt') ? operands(s.a) : [];
  return [...own, ...scalarChildren(s).flatMap(scaleFree)];
}
const operands = (s: Scalar): readonly number[] => (s.kind === 'arg' ? [s.index] : scalarChildren(s).flatMap(operands));

/** The finite literal under which the author clips his max, from the first map that does. */
function floorOf(author: Member, nodes: readonly TensorExpr[]): number | undefined {
  return floors(author, nodes)[0]?.start;
}

function floors(author: Member, nodes: readonly TensorExpr[]): readonly { readonly start: number; readonly s: Scalar; readonly args: readonly TensorExpr[] }[] {
  return nodes.flatMap((e) => (e.kind === 'map' ? clips(e.fn).flatMap((s) => {
    const [x, y] = s.a.kind === 'lit' ? [s.b, s.a] : [s.a, s.b];
    return x.kind === 'arg' && e.args[x.index] === author && y.kind === 'lit' && Number.isFinite(y.value) ? [{ start: y.value, s, args: e.args }] : [];
  }) : []));
}

function clips(s: Scalar): readonly (Scalar & { readonly kind: 'binary' })[] {
  return [...(s.kind === 'binary' && s.op === 'max' ? [s] : []), ...scalarChildren(s).flatMap(clips)];
}

/** What stands for the reference in the author's code: his max, and his max over the floor that the reference starts at. */
function keysOf(author: Member, nodes: readonly TensorExpr[], table: Table): readonly string[] {
  const start = floorOf(author, nodes);
  return [table.key(table.leaf({ kind: 'tensor', e: author })), ...floors(author, nodes).filter((f) => f.start === start).map((f) => table.key(table.lift(f.s, f.args)))];
}

/** Whether an atom stands in positive integer powers wherever it is a factor. */
function powersOf(sums: readonly Sum[], table: Table): (atom: number) => boolean {
  const bad = new Set<number>();
  const seen = new Set<number>();
  const visit = (p: Part): void => {
    for (const [atom, n] of p.pow) {
      seen.add(atom);
      if (!Number.isInteger(n) || n < 0) bad.add(atom);
      const inner = table.innerOf(atom);
      if (inner) visit(inner);
    }
  };
  for (const t of sums.flat()) visit(t.data);
  return (atom) => seen.has(atom) && !bad.has(atom);
}

/** Atoms that stand in powers 0 … n (n ≥ 1) of otherwise equal terms of one sum, each with that rest. */
function families(sums: readonly Sum[]): readonly (ReferencePlan & { readonly kind: 'mean' })[] {
  const found = new Map<number, ReferencePlan & { readonly kind: 'mean' }>();
  for (const sum of sums) {
    const keys = new Set(sum.map((t) => partKey(t.data)));
    for (const t of sum) for (const [atom, n] of t.data.pow) {
      const without = (k: number): Part => ({ ...t.data, pow: new Map([...t.data.pow].flatMap(([a, m]) => (a === atom ? (k === 0 ? [] : [[a, k] as const]) : [[a, m] as const]))) });
      const whole = Number.isInteger(n) && n >= 1 && Array.from({ length: n }, (_, k) => k).every((k) => keys.has(partKey(without(k))));
      if (whole && without(0).pow.size === 0) found.set(atom, { kind: 'mean', atom, base: atom, unit: 1, weight: without(0) });
    }
  }
  return [...found.values()];
}

/** A mean needs weights that cannot cancel, need no reference of their own, and vary along no axis that the atom lacks. */
function isPlain(p: ReferencePlan & { readonly kind: 'mean' }, n: Normalizer): boolean {
  const axes = n.classes.axesOf(n.table.scalarOf(p.atom));
  const isCount = p.weight.exp.size === 0 && (isUnit(p.weight) || p.weight.guards.length > 0);
  return isCount && n.table.innerOf(p.atom) === undefined && n.classes.axesOf(n.table.partScalar(p.weight)).every((a) => axes.includes(a));
}

