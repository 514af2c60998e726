import type { KernelDef, ResultDef } from '../../dsl/definition.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, Fold, FoldLoop, TensorExpr } from '../../dsl/expr.js';
import type { SizeBound } from '../../dsl/manifest.js';
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
  /** Undefined where there is no choice: the walk goes on as it is. */
  readonly costs: PlanCosts | undefined;
  readonly because: string;
  readonly span: Span;
}

/** Rows whose raw scores, 4 bytes each, take no more scratch than keys and values of a head take memory. */
const mostKept = 64;

/** Where a launch is expected to run. `serves` bounds lengths that it gives. */
export interface Expected { readonly machine: Machine; readonly serves: readonly SizeBound[] }

/** The sums over rows of a streamed kernel whose references vary along the rows, each with the plan that costs least. */
export function columnsOf(def: KernelDef, expected: Expected): readonly Columns[] {
  return def.results.flatMap((r) => [...sumsOf(r)].map(([loop, { rows, span }]): Columns => {
    const shared = sharedValues(r.value, loop);
    return { result: r.name, rows, keys: loop.axis, loop, shared, span, ...planFor(r, rows, loop.axis, shared, def, expected) };
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

function planFor(r: ResultDef, rows: readonly Axis[], keys: Axis, shared: readonly TensorExpr[], def: KernelDef, { machine, serves }: Expected): Pick<Columns, 'plan' | 'costs' | 'because'> {
  const again = (because: string): Pick<Columns, 'plan' | 'costs' | 'because'> => ({ plan: 'R', costs: undefined, because });
  if (!r.order.includes(keys)) return again(`the sums are used up where '${keys}' is walked`);
  // All that scores have beside the sums multiplies the scratch.
  const summed = [...new Set([...rows, ...shared.flatMap((e) => e.axes.filter((a) => !r.order.includes(a)))])];
  const most = mostOf(summed, def, serves);
  const unknown = summed.find((a) => !most.has(a));
  if (unknown !== undefined) return again(`the number of rows on '${unknown}' is known at launch only: O(N) memory needs a second pass`);
  if (shared.length === 0) return again('what the rows are made of stands in memory as it is');
  const { keep, again: second, work } = costsOf(r, keys, shared, (a) => most.get(a) ?? lengthOf(a, def), machine);
  const names = summed.map((a) => `'${a}'`).join(', ');
  const count = [...most.values()].reduce((n, length) => n * length, 1);
  const bound = summed.every((a) => def.sizes[a]?.kind === 'fixed') ? '' : 'at most ';
  if (count > mostKept) return { plan: 'R', costs: { keep, again: second }, because: `${count} rows on ${names} are too many to keep: scratch is for ${mostKept} at most` };
  const because = `${bound}${count} row${count === 1 ? '' : 's'} on ${names}: to keep them costs ${shortQuantity(keep, 'B')} per sum, to compute them again ${work}, the time of ${shortQuantity(second, 'B')}`;
  return { plan: second < keep ? 'R' : count === 1 ? 'D' : 'K', costs: { keep, again: second }, because };
}

/** The most positions of each axis of rows whose number is fixed or bounded, the same in all parts; a bound on several together is given to the first. */
function mostOf(rows: readonly Axis[], def: KernelDef, serves: readonly SizeBound[]): ReadonlyMap<Axis, number> {
  const fixed = rows.filter((a) => def.sizes[a]?.kind === 'fixed').map((a) => [a, lengthOf(a, def)] as const);
  const bounded = serves.filter((s) => s.atMost <= mostKept).flatMap(({ axes, atMost }) => rows.filter((a) => axes.includes(a) && def.sizes[a]?.kind === 'dynamic').map((a, i) => [a, i === 0 ? atMost : 1] as const));
  return new Map([...fixed, ...bounded]);
}

/** Where unknown, long. */
const lengthOf = (a: Axis, def: KernelDef): number => {
  const rule = def.sizes[a];
  return rule?.kind === 'fixed' ? rule.size : 1024;
};

/** Both ways to the shared values, per element of the result, so that unknown lengths all but cancel out. */
function costsOf(r: ResultDef, keys: Axis, shared: readonly TensorExpr[], length: (a: Axis) => number, machine: Machine): PlanCosts & { readonly work: string } {
  const count = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * length(a), 1);
  const elements = count(r.order);
  // A block reads what it multiplies once for each position of the axes it takes one at a time; keys it takes many at a time.
  const { flops, bytes, time } = workOf(shared, length, (e) => r.order.filter((a) => a !== keys && !e.axes.includes(a)), machine);
  return { keep: shared.reduce((n, e) => n + 2 * dtypeBytes[e.dtype] * count(e.axes), 0) / elements, again: time / elements, work: `${shortQuantity(bytes / elements, 'B')} and ${shortQuantity(flops / elements, 'flop')}` };
}
