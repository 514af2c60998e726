import type { KernelDef, ResultDef } from '../../dsl/definition.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, Fold, FoldLoop, TensorExpr } from '../../dsl/expr.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf, reads } from '../../dsl/walk.js';
import type { Machine } from '../schedule/machine.js';
import { shortQuantity, workOf } from './cost.js';
import { freeOf } from './free.js';

/**
 * How per-key sums over rows get each row's finished references. The graph is the same for all: a fold over the keys gives
 * the references per row, and a sum over rows reads them.
 *   K  the loop that makes the few rows' raw scores stores them in scratch; the sum finalises them with their references
 *   R  a second pass: per key tile stream the rows and their references, without a running max
 *   D  K of one row. Shares relative to what a block knows would take as many bytes, and their references besides
 */
export type ColumnPlan = 'K' | 'R' | 'D';
/** Per result element, in bytes that a machine moves meanwhile: `keep` writes and reads what the loop made, `again` makes it again. */
export interface PlanCosts { readonly keep: number; readonly again: number }
export interface Columns {
  /** The result that the sums are part of. */
  readonly result: string;
  /** The axes summed over, and the axis whose sums come out. */
  readonly rows: readonly Axis[];
  readonly keys: Axis;
  /** The walk over the keys that finishes the references. */
  readonly loop: FoldLoop;
  /** Largest values per row and key that this walk makes as well. */
  readonly shared: readonly TensorExpr[];
  readonly plan: ColumnPlan;
  /** Undefined where there is no choice. */
  readonly costs: PlanCosts | undefined;
  readonly because: string;
  readonly span: Span;
}

/** The sums over rows of a streamed kernel whose references vary along the rows, each with the plan that costs least. */
export function columnsOf(def: KernelDef, on: Machine): readonly Columns[] {
  return def.results.flatMap((r) => [...sumsOf(r)].map(([loop, { rows, span }]): Columns => {
    const shared = sharedValues(r.value, loop);
    return { result: r.name, rows, keys: loop.axis, loop, shared, span, ...planFor(r, rows, loop.axis, shared, def, on) };
  }));
}

/** Rows and place of the sums that read each walk's results. */
function sumsOf(r: ResultDef): ReadonlyMap<FoldLoop, { readonly rows: readonly Axis[]; readonly span: Span }> {
  const found = new Map<FoldLoop, { readonly rows: readonly Axis[]; readonly span: Span }>();
  for (const e of nodesOf([r.value])) {
    if (e.kind !== 'reduce' && e.kind !== 'dot') continue;
    const rows = e.kind === 'dot' ? e.over : e.axis;
    const body = e.kind === 'dot' ? [e.lhs, e.rhs] : [e.arg];
    for (const { loop, axes } of body.flatMap((b) => nearFolds(b))) {
      if (loop.axis === rows || !axes.includes(rows) || !body.some((b) => b.axes.includes(loop.axis))) continue;
      found.set(loop, { rows: [...new Set([...(found.get(loop)?.rows ?? []), rows])], span: found.get(loop)?.span ?? e.span });
    }
  }
  return found;
}

/** Folds that `e` reads, not those inside other folds. */
function nearFolds(e: TensorExpr): readonly Fold[] {
  return e.kind === 'fold' ? [e] : reads(e).flatMap(nearFolds);
}

/** The largest values with products that `root` computes outside the loop, and every step of the loop inside, from nothing that it carries. */
function sharedValues(root: TensorExpr, loop: FoldLoop): readonly TensorExpr[] {
  const free = freeOf();
  const inside = new Set(stepsOf(loop));
  const isProduct = (e: TensorExpr): boolean => nodesOf([e]).some((x) => x.kind === 'dot');
  const found = new Set<TensorExpr>();
  const seen = new Set<TensorExpr>();
  const visit = (e: TensorExpr): void => {
    if (seen.has(e) || (e.kind === 'fold' && e.loop === loop)) return;
    seen.add(e);
    const isShared = inside.has(e) && e.axes.includes(loop.axis) && ![...free.expr(e)].some((n) => n.startsWith('carry ')) && isProduct(e);
    if (isShared) found.add(e);
    else reads(e).forEach(visit);
  };
  visit(root);
  return [...found];
}

/** Every value that a step of a loop computes. */
export const stepsOf = (loop: FoldLoop): readonly TensorExpr[] => nodesOf([...loop.references.map((r) => r.next), ...loop.states.flatMap((s) => [s.moved, s.block])]);

function planFor(r: ResultDef, rows: readonly Axis[], keys: Axis, shared: readonly TensorExpr[], def: KernelDef, on: Machine): Pick<Columns, 'plan' | 'costs' | 'because'> {
  const again = (because: string): Pick<Columns, 'plan' | 'costs' | 'because'> => ({ plan: 'R', costs: undefined, because });
  const names = rows.map((a) => `'${a}'`).join(', ');
  const unknown = rows.find((a) => def.sizes[a]?.kind !== 'fixed');
  if (unknown !== undefined) return again(`the number of rows on '${unknown}' is known at launch only: O(N) memory needs a second pass`);
  if (!r.order.includes(keys)) return again(`the sums are used up where '${keys}' is walked`);
  if (shared.length === 0) return again('what the rows are made of stands in memory as it is');
  const { keep, again: second, work } = costsOf(r, keys, shared, def, on);
  const count = rows.reduce((n, a) => n * fixedSize(a, def), 1);
  const of = `${count} row${count === 1 ? '' : 's'} on ${names}: to keep them costs ${shortQuantity(keep, 'B')} per sum, to compute them again ${work}, the time of ${shortQuantity(second, 'B')}`;
  return { plan: second < keep ? 'R' : count === 1 ? 'D' : 'K', costs: { keep, again: second }, because: of };
}

/** Both ways to the shared values, per element of the result. Where lengths are unknown they are long, and all but cancel out. */
function costsOf(r: ResultDef, keys: Axis, shared: readonly TensorExpr[], def: KernelDef, on: Machine): PlanCosts & { readonly work: string } {
  const typical = 1024;
  const length = (a: Axis): number => (def.sizes[a]?.kind === 'fixed' ? fixedSize(a, def) : typical);
  const count = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * length(a), 1);
  const elements = count(r.order);
  // A block reads what it multiplies once for each position of the axes it takes one at a time; keys it takes many at a time.
  const { flops, bytes, time } = workOf(shared, length, (e) => r.order.filter((a) => a !== keys && !e.axes.includes(a)), on);
  return { keep: shared.reduce((n, e) => n + 2 * dtypeBytes[e.dtype] * count(e.axes), 0) / elements, again: time / elements, work: `${shortQuantity(bytes / elements, 'B')} and ${shortQuantity(flops / elements, 'flop')}` };
}

const fixedSize = (a: Axis, def: KernelDef): number => {
  const rule = def.sizes[a];
  return rule?.kind === 'fixed' ? rule.size : 1;
};
