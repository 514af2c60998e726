import type { Carry, Fold, FoldLoop, FoldReference, FoldState, TensorExpr } from '../../dsl/expr.js';
import { cast, dot, map, reduce, unionAxes } from '../../dsl/ops.js';
import { arg, binary, lit, select, type Scalar } from '../../dsl/scalar.js';
import { bound, type Span } from '../../dsl/span.js';
import { certificateOf } from './certify.js';
import type { Cascade } from './cascade.js';
import { classesOf } from './classes.js';
import { closure, type Accumulator, type Closure, type Side } from './closure.js';
import { called } from './describe.js';
import { epilogue } from './hoist.js';
import type { Normalizer } from './frame.js';
import { linearOperand } from './normalForm.js';
import { isUnit, powerOf, timesPart, type Part } from './parts.js';
import { authorsOf, chooseReferences, type ReferencePlan } from './reference.js';
import { withOperands } from './rebuild.js';
import { argsOf, known, tableOf, type Table } from './table.js';
import { entryScalar } from './transport.js';
import { narrowed } from './narrow.js';

/** What one cascade is folded with. */
export interface FoldRequest {
  readonly cascade: Cascade;
  /** Every node of the kernel. */
  readonly nodes: readonly TensorExpr[];
  /** What the author calls a reduction: its binding, or the result that it is. */
  readonly wanted: (e: TensorExpr) => string | undefined;
  readonly names: (wanted: string | undefined, otherwise: string) => string;
  /** What the rest of the kernel reads of the cascade. */
  readonly exits: readonly TensorExpr[];
  readonly isAbsorbed: (e: TensorExpr) => boolean;
  /** A node of the source in the streamed graph. */
  readonly rebuilt: (e: TensorExpr) => TensorExpr;
}

/** Derives the loop of a cascade: normal form, references, closure, hoisting, then states. Returns the fold of each exit. */
export function foldOf(request: FoldRequest): (exit: TensorExpr) => TensorExpr {
  const { cascade, nodes } = request;
  const table = tableOf();
  const classes = classesOf(cascade.axis, cascade.roles, table);
  const authors = new Set(authorsOf(cascade, { table, classes }).keys());
  const first: Normalizer = { cascade, table, classes, authors, shifts: new Map(), references: new Map() };
  const choice = chooseReferences(cascade, first, nodes);
  const normalizer: Normalizer = { ...first, shifts: choice.shifts, references: choice.references };
  const closed = closure(cascade, normalizer);
  const value = epilogue(normalizer, closed, request.isAbsorbed);
  const scalars = new Map(request.exits.map((e) => [e, value(e)]));
  const parts = assemble(request, normalizer, choice.plans, closed, [...scalars.values()]);
  const leafTensor = (i: number): TensorExpr => {
    const l = table.leafAt(i);
    switch (l.kind) {
      case 'tensor': return request.rebuilt(l.e);
      case 'pushed': throw new Error("internal error in stage 'stream': a result reads a block");
      case 'state': return known(parts.states.get(l.index), 'state');
      case 'reference': return known(parts.references.get(l.index), 'reference');
      default: return l satisfies never;
    }
  };
  const { loop } = parts;
  return (exit) => {
    const s = known(scalars.get(exit), `exit ${called(exit)}`);
    const isExternal = argsOf(s).some((i) => { const l = table.leafAt(i); return l.kind === 'tensor' && cascade.roles.sources(l.e).length > 0; });
    // What cancels to a whole number still has the dtype of the author's expression.
    const typed = (e: TensorExpr): TensorExpr => (e.dtype === exit.dtype ? e : cast(exit.dtype, e, exit.span));
    if (!isExternal) return folded(loop, typed(narrowed(s, leafTensor, exit.span, exit.axes)));
    // A value that reads this loop's own results through another operator cannot stand inside its result.
    return typed(narrowed(s, (i) => { const t = leafTensor(i); return t.kind === 'carry' ? folded(loop, t) : t; }, exit.span, exit.axes));
  };
}

const folded = (loop: FoldLoop, result: TensorExpr): Fold => ({ kind: 'fold', loop, result, axes: result.axes, dtype: result.dtype, span: result.span });

interface Assembled { readonly loop: FoldLoop; readonly states: ReadonlyMap<number, Carry>; readonly references: ReadonlyMap<number, Carry> }

function assemble(request: FoldRequest, n: Normalizer, plans: readonly ReferencePlan[], closed: Closure, results: readonly Scalar[]): Assembled {
  const { cascade, names } = request;
  const { table } = n;
  const { states: used, references: usedReferences } = demand(results, plans, closed, table);
  const build = builder(request, n);

  // Old and new value of each reference.
  const references = new Map<number, { readonly carry: Carry; readonly next: TensorExpr; readonly start: number }>();
  const blockOf = (i: number, at: (r: number) => TensorExpr): TensorExpr => build.block(known(closed.accumulators[i], `accumulator ${i}`), at);
  const carries = new Map<number, Carry>();
  const oldReference = (r: number): TensorExpr => known(references.get(r), 'reference').carry;
  for (const i of used) {
    const a = known(closed.accumulators[i], `accumulator ${i}`);
    const shape = build.shape(a);
    const span = a.of.span;
    carries.set(i, { kind: 'carry', name: names(nameOf(a, closed, i, request.wanted), a.monoid === 'sum' ? 'acc' : a.monoid), dtype: shape.dtype, axes: shape.axes, span });
  }
  for (const r of usedReferences) {
    const plan = known(plans[r], `reference ${r}`);
    const atom = build.scalar(table.scalarOf(plan.base), oldReference);
    const axes = atom.axes.filter((a) => a !== cascade.axis);
    const span = plan.kind === 'max' && plan.author ? plan.author.span : atom.span;
    const carry: Carry = { kind: 'carry', name: names(plan.kind === 'max' ? (plan.author ? plan.author.span.binding : undefined) : undefined, plan.kind === 'max' ? 'm' : 'mean'), dtype: 'f32', axes, span };
    references.set(r, { carry, next: carry, start: plan.kind === 'max' ? plan.start : 0 });
    const next = plan.kind === 'max' ? map(binary('max', arg(0), arg(1)), [carry, reduce('max', floating(atom), cascade.axis, span)], bound(span, `${carry.name}New`)) : meanNext(plan, r, carry, carries, closed, blockOf, oldReference, n, span);
    references.set(r, { carry, next, start: plan.kind === 'max' ? plan.start : 0 });
  }
  const newReference = (r: number): TensorExpr => known(references.get(r), 'reference').next;

  const states = used.map((i): FoldState => {
    const a = known(closed.accumulators[i], `accumulator ${i}`);
    const carry = known(carries.get(i), 'state');
    const row = known(closed.rows[i], 'row');
    const isStill = row.length === 1 && row.every((e) => e.from === i && e.move.exp.size === 0 && e.move.pow.size === 0);
    const moved = isStill ? carry : movedState(row.map((e) => ({ state: known(carries.get(e.from), 'state'), move: e.move })), oldReference, newReference, carry, a.monoid);
    return { carry, monoid: a.monoid, init: initial(a.monoid, carry.dtype), moved, block: blockOf(i, newReference) };
  });
  const loopReferences = [...references.values()].map((r): FoldReference => ({ carry: r.carry, start: r.start, next: r.next }));
  const certificate = certificateOf({ axis: cascade.axis, table, plans, closed, used, usedReferences, carries, names: new Map([...references].map(([r, x]) => [r, x.carry.name])), results });
  const loop: FoldLoop = { axis: cascade.axis, references: loopReferences, states, certificate };
  return { loop, states: carries, references: new Map([...references].map(([r, x]) => [r, x.carry])) };
}

/** States and references that results read, with everything those move from. */
function demand(results: readonly Scalar[], plans: readonly ReferencePlan[], closed: Closure, table: Table): { readonly states: readonly number[]; readonly references: readonly number[] } {
  const states = new Set<number>();
  const references = new Set<number>();
  const wantReference = (r: number): void => {
    if (references.has(r)) return;
    references.add(r);
    const plan = plans[r];
    if (plan?.kind === 'mean') for (const p of meanParts(plan, r, table)) wantState(meanState(p, closed));
  };
  const wantPart = (p: Part): void => {
    for (const atom of [...p.exp.keys(), ...p.pow.keys()]) {
      const a = table.at(atom);
      if (a.kind === 'shifted') wantReference(a.reference);
      const inner = table.innerOf(atom);
      if (inner) wantPart(inner);
    }
  };
  const wantState = (i: number): void => {
    if (states.has(i)) return;
    states.add(i);
    const a = closed.accumulators[i];
    for (const side of [a?.lhs, a?.rhs]) if (side?.kind === 'part') wantPart(side.part);
    for (const e of closed.rows[i] ?? []) wantState(e.from);
  };
  for (const s of results) for (const i of argsOf(s)) {
    const l = table.leafAt(i);
    if (l.kind === 'state') wantState(l.index);
    if (l.kind === 'reference') wantReference(l.index);
  }
  return { states: [...states].sort((a, b) => a - b), references: [...references].sort((a, b) => a - b) };
}

const meanParts = (p: ReferencePlan & { readonly kind: 'mean' }, reference: number, table: Table): readonly [Part, Part] => [p.weight, timesPart(p.weight, powerOf(table.atom({ kind: 'shifted', base: p.base, reference })))];

function meanState(part: Part, closed: Closure): number {
  const i = closed.accumulators.findIndex((a) => a.monoid === 'sum' && a.rhs === undefined && a.lhs.kind === 'part' && samePart(a.lhs.part, part));
  if (i < 0) throw new Error("internal error in stage 'stream': a mean without its sums");
  return i;
}
const samePart = (a: Part, b: Part): boolean => a.pow.size === b.pow.size && a.exp.size === b.exp.size && a.guards.length === b.guards.length && [...a.pow].every(([k, n]) => b.pow.get(k) === n) && a.guards.every((g) => b.guards.includes(g));

/** r + Σw(x − r) / Σw over everything seen, this block included; r where nothing was. */
function meanNext(
  plan: ReferencePlan & { readonly kind: 'mean' }, r: number, carry: Carry, carries: ReadonlyMap<number, Carry>, closed: Closure,
  blockOf: (i: number, at: (r: number) => TensorExpr) => TensorExpr, old: (r: number) => TensorExpr, n: Normalizer, span: Span,
): TensorExpr {
  const [weight, first] = meanParts(plan, r, n.table).map((p) => meanState(p, closed));
  const operands = [weight, first].flatMap((i) => [known(carries.get(known(i, 'mean')), 'state'), blockOf(known(i, 'mean'), old)]);
  const total = binary('add', arg(1), arg(2));
  const mean = binary('add', arg(0), binary('div', binary('add', arg(3), arg(4)), total));
  return map(select(binary('eq', total, lit(0)), arg(0), mean), [carry, ...operands], bound(span, `${carry.name}New`), unionAxes(carry.axes, ...operands.map((o) => o.axes)));
}

function movedState(row: readonly { readonly state: Carry; readonly move: Parameters<typeof entryScalar>[0] }[], before: (r: number) => TensorExpr, after: (r: number) => TensorExpr, to: Carry, monoid: 'sum' | 'max' | 'min'): TensorExpr {
  const { span } = to;
  const operands: TensorExpr[] = [];
  const operand = (e: TensorExpr): Scalar => arg(operands.includes(e) ? operands.indexOf(e) : operands.push(e) - 1);
  const summands = row.map(({ state, move }) => {
    const refs = [...new Set([...move.exp.keys(), ...move.pow.keys()])];
    const entry = entryScalar(move, (r) => 2 * refs.indexOf(r), (r) => 2 * refs.indexOf(r) + 1);
    if (entry.kind === 'lit') return entry.value === 1 ? operand(state) : binary('mul', operand(state), entry);
    // An entry of T is a tensor of its own: narrower than most states, and shared by all of them.
    return binary('mul', operand(state), operand(map(entry, refs.flatMap((r) => [before(r), after(r)]), bound(span, 'alpha'))));
  });
  const fn = summands.reduce((a, b) => binary('add', a, b));
  // A max over nothing yet is −∞, which a factor of 0 would turn into NaN.
  const isEmpty = binary('eq', operand(to), lit(initial(monoid, to.dtype)));
  return map(monoid === 'sum' ? fn : select(isEmpty, operand(to), fn), operands, bound(span, to.name), to.axes);
}

const floating = (e: TensorExpr): TensorExpr => (e.dtype === 'i32' ? cast('f32', e, e.span) : e);
const initial = (monoid: 'sum' | 'max' | 'min', dtype: string): number => (monoid === 'sum' ? 0 : (monoid === 'max' ? -1 : 1) * (dtype === 'i32' ? 2 ** 31 - 1 : Infinity));

/** What the member is called whose value is this state alone. */
function nameOf(a: Accumulator, closed: Closure, i: number, wanted: (e: TensorExpr) => string | undefined): string | undefined {
  const own = [...closed.values].find(([, v]) => v.terms.length === 1 && v.terms[0]?.accumulator === i);
  return own && (wanted(own[0]) ?? a.of.span.binding);
}

interface Builder {
  scalar(s: Scalar, reference: (r: number) => TensorExpr): TensorExpr;
  block(a: Accumulator, reference: (r: number) => TensorExpr): TensorExpr;
  shape(a: Accumulator): TensorExpr;
}

/** Tensors of the streamed graph from parts. */
function builder(request: FoldRequest, n: Normalizer): Builder {
  const { table } = n;
  const { axis } = request.cascade;
  const leaf = (i: number, reference: (r: number) => TensorExpr): TensorExpr => {
    const l = table.leafAt(i);
    switch (l.kind) {
      case 'tensor': return request.rebuilt(l.e);
      case 'reference': return reference(l.index);
      case 'pushed': {
        const operand = known(linearOperand(l.e, n), 'operand');
        const inner = part(l.inner, operand.dtype, l.e.span, reference);
        return withOperands(l.e, (x) => (x === operand ? inner : request.rebuilt(x)));
      }
      case 'state': throw new Error("internal error in stage 'stream': a block reads a state");
      default: return l satisfies never;
    }
  };
  const scalar = (s: Scalar, reference: (r: number) => TensorExpr): TensorExpr => narrowed(s, (i) => leaf(i, reference), s.span, []);
  const part = (p: Part, dtype: string, span: Span, reference: (r: number) => TensorExpr): TensorExpr => {
    if (isUnit(p)) return cast('f32', map(lit(1, span), [], span, [axis]), span);
    const made = floating(narrowed(table.partScalar(p), (i) => leaf(i, reference), span, []));
    const whole = made.axes.includes(axis) ? made : map(binary('mul', arg(0), lit(1)), [made], span, [...made.axes, axis]);
    return dtype === 'f16' || dtype === 'bf16' ? cast(dtype, whole, span) : whole;
  };
  const side = (s: Side, span: Span, reference: (r: number) => TensorExpr): TensorExpr => (s.kind === 'raw' ? request.rebuilt(s.e) : part(s.part, s.dtype, span, reference));
  const block = (a: Accumulator, reference: (r: number) => TensorExpr): TensorExpr => {
    const { span } = a.of;
    // Operands take the places of the author's operands, so that generated text names them as he does.
    const lhs = side(a.lhs, a.of.kind === 'dot' ? a.of.lhs.span : a.of.arg.span, reference);
    return a.rhs ? dot(lhs, side(a.rhs, a.of.kind === 'dot' ? a.of.rhs.span : span, reference), axis, span) : reduce(a.monoid, lhs, axis, span);
  };
  // References have no axes that the data relative to them lacks, so they do not matter for the shape.
  const shape = (a: Accumulator): TensorExpr => block(a, () => ({ kind: 'carry', name: '', dtype: 'f32', axes: [], span: a.of.span }));
  return { scalar, block, shape };
}
