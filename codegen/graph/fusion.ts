import type { KernelDef } from '../../dsl/definition.js';
import type { Axis, MapExpr, TensorExpr } from '../../dsl/expr.js';
import { map } from '../../dsl/ops.js';
import { arg, mapScalar, scalarChildren, type BinaryOp, type Scalar, type UnaryOp } from '../../dsl/scalar.js';
import { nodesOf, reads, rebuilder, same } from '../../dsl/walk.js';
import { axesRead } from './axesRead.js';
import { dedupe } from './dedupe.js';
import { freeOf } from './free.js';
import { withReciprocals } from './reciprocals.js';

/** Scalar operations that cost many cycles; the rest cost one. */
const heavyUnary: ReadonlySet<UnaryOp> = new Set<UnaryOp>(['sqrt', 'rsqrt', 'exp', 'exp2', 'log', 'log2', 'sin', 'cos', 'tanh']);
const heavyBinary: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['div', 'rem', 'pow']);

/** Cost of scalar code per element, in simple operations. */
export function scalarCost(s: Scalar): number {
  const byLiteral = s.kind === 'binary' && s.b.kind === 'lit';
  const own = s.kind === 'unary' ? (heavyUnary.has(s.op) ? 10 : 1) : s.kind === 'binary' ? (heavyBinary.has(s.op) && !byLiteral ? 10 : 1) : s.kind === 'select' ? 1 : 0;
  return scalarChildren(s).reduce((n, c) => n + scalarCost(c), own);
}

/**
 * Scalar code that varies along fewer axes than its map, and costs more than a few operations, as a map of its own:
 * `o[q, d] · exp(m[q] − n[q])` → `o[q, d] · α[q]`, `α[q] = exp(m[q] − n[q])`. One exponential per row instead of one per element.
 * Quotients become such code where {@link withReciprocals} says so.
 */
export function hoistInvariant(def: KernelDef): KernelDef {
  const go = rebuilder((e) => (e.kind === 'map' ? hoisted(e) : e));
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : dedupe({ ...def, results }); // the same factor of two states is one node
}

function hoisted(e: MapExpr): TensorExpr {
  const args: TensorExpr[] = [...e.args];
  const go = (s: Scalar): Scalar => {
    const axes = axesRead(s, e.args);
    if (axes.length === e.axes.length || scalarCost(s) < 8) return mapScalar(s, go);
    // What it is made of may vary along fewer axes still: ⌊q / n⌋ = ⌊k / n⌋ divides rows and columns, not elements.
    const own = compacted(s, e.args, axes);
    args.push(own.kind === 'map' ? hoisted(own) : own);
    return arg(args.length - 1, s.span);
  };
  const fn = axesRead(e.fn, e.args).length === e.axes.length ? mapScalar(withReciprocals(e), go) : e.fn;
  return fn === e.fn ? e : compacted(fn, args, e.axes, e);
}

/** A map that keeps only the operands its code reads. */
function compacted(fn: Scalar, args: readonly TensorExpr[], axes: readonly Axis[], like?: MapExpr): TensorExpr {
  const used = args.map((a, i) => ({ a, i })).filter(({ i }) => readsArg(fn, i));
  const renumber = (s: Scalar): Scalar => (s.kind === 'arg' ? { ...s, index: used.findIndex((u) => u.i === s.index) } : mapScalar(s, renumber));
  return map(renumber(fn), used.map((u) => u.a), like?.span ?? fn.span, axes);
}

const readsArg = (s: Scalar, i: number): boolean => (s.kind === 'arg' ? s.index === i : scalarChildren(s).some((c) => readsArg(c, i)));

/** What becomes of a map: its code is substituted into every reader (`inlined`), or it has a tile, and why. */
export interface Fusion { readonly map: MapExpr; readonly inlined: boolean; readonly because: string }

/**
 * An analysis of the final graph. A map needs no tile when all readers are element-wise and either there is one, over the
 * same axes and in the same loop, or the code is cheap enough to repeat.
 */
export function fusionOf(roots: readonly TensorExpr[]): readonly Fusion[] {
  const nodes = nodesOf(roots);
  const free = freeOf();
  const readers = new Map<TensorExpr, TensorExpr[]>();
  for (const e of nodes) for (const r of reads(e)) readers.set(r, [...(readers.get(r) ?? []), e]);
  const moves = (r: TensorExpr, e: TensorExpr): boolean => [...free.expr(r)].some((v) => !free.expr(e).has(v));
  return nodes.filter((e) => e.kind === 'map').map((map) => ({ map, ...decision(map, roots.includes(map), readers.get(map) ?? [], moves) }));
}

function decision(e: MapExpr, isResult: boolean, by: readonly TensorExpr[], moves: (r: TensorExpr, e: TensorExpr) => boolean): Omit<Fusion, 'map'> {
  const tile = (because: string): Omit<Fusion, 'map'> => ({ inlined: false, because });
  const inlined = (because: string): Omit<Fusion, 'map'> => ({ inlined: true, because });
  if (isResult || by.length === 0) return tile('it is stored');
  const whole = by.find((r) => r.kind !== 'map' && !(r.kind === 'cast' && by.length === 1));
  if (whole) return tile(whole.kind === 'fold' ? 'a fold carries it' : `a ${whole.kind} reads it whole`);
  const cost = scalarCost(e.fn);
  if (e.args.every((a) => a.axes.length === 0) && cost <= 6) return inlined('it reads positions and single numbers only');
  if (by.some((r) => r.axes.length !== e.axes.length)) return tile('a reader has more axes and would repeat it');
  if (cost > 1 && by.some((r) => moves(r, e))) return tile('a reader runs in a loop in which it does not change');
  if (by.length === 1) return inlined('it has one reader, element by element');
  return cost <= 2 ? inlined('it is cheap enough to repeat in every reader') : tile(`${by.length} readers share it`);
}

/** The maps that have no tile of their own. */
export function inlinedMaps(roots: readonly TensorExpr[]): ReadonlySet<TensorExpr> {
  return new Set(fusionOf(roots).filter((f) => f.inlined).map((f) => f.map));
}

/** A map's code with the inlined operands substituted, and the operands that remain. */
export function composed(e: MapExpr, inlined: ReadonlySet<TensorExpr>): { readonly fn: Scalar; readonly args: readonly TensorExpr[] } {
  const args: TensorExpr[] = [];
  const indexOf = (a: TensorExpr): number => {
    if (!args.includes(a)) args.push(a);
    return args.indexOf(a);
  };
  const go = (s: Scalar, of: MapExpr): Scalar => {
    if (s.kind !== 'arg') return mapScalar(s, (c) => go(c, of));
    const a = of.args[s.index];
    if (a === undefined) throw new Error(`map reads operand ${s.index} of ${of.args.length}`);
    return a.kind === 'map' && inlined.has(a) ? go(a.fn, a) : arg(indexOf(a), s.span);
  };
  return { fn: go(e.fn, e), args };
}
