import type { KernelDef } from '../../dsl/definition.js';
import type { Axis, Dot, TensorExpr } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';

/** How the operands of a product stand: rows come from `lhs`, columns from `rhs`, batch axes from both. */
export interface DotRoles {
  readonly lhs: TensorExpr;
  readonly rhs: TensorExpr;
  readonly rows: readonly Axis[];
  readonly cols: readonly Axis[];
  readonly lhsOrder: readonly Axis[];
  readonly rhsOrder: readonly Axis[];
}

/**
 * Roles within a block. The operand that has the innermost axis of the result becomes `rhs`, so that the inner loop
 * streams over contiguous columns: lhs [batch, rows, over], rhs [batch, over, cols]; without columns both stay contiguous along `over`.
 */
export function dotRoles(e: Dot, windows: ReadonlyMap<Axis, number>, order: readonly Axis[]): DotRoles {
  const own = (x: TensorExpr, other: TensorExpr): readonly Axis[] => order.filter((a) => windows.has(a) && x.axes.includes(a) && !other.axes.includes(a));
  const last = [...order].reverse().find((a) => windows.has(a) && e.lhs.axes.includes(a) !== e.rhs.axes.includes(a));
  const both = own(e.lhs, e.rhs).length > 0 && own(e.rhs, e.lhs).length > 0;
  const swap = last !== undefined && (both ? e.lhs.axes.includes(last) : e.rhs.axes.includes(last));
  const [lhs, rhs] = swap ? [e.rhs, e.lhs] : [e.lhs, e.rhs];
  const rows = own(lhs, rhs);
  const cols = own(rhs, lhs);
  const batch = order.filter((a) => windows.has(a) && lhs.axes.includes(a) && rhs.axes.includes(a) && a !== e.over);
  return { lhs, rhs, rows, cols, lhsOrder: [...batch, ...rows, e.over], rhsOrder: cols.length === 0 ? [...batch, e.over] : [...batch, e.over, ...cols] };
}

/**
 * Axis order of the tile of each node. All tiles follow one order of the axes, the results' memory order first and then
 * the walked axes, so that element-wise code meets equal orders; operands of products follow {@link dotRoles}.
 */
export function tileOrders(def: KernelDef, windows: ReadonlyMap<Axis, number>): (e: TensorExpr) => readonly Axis[] {
  const rank = axisRank(def);
  const ranked = (axes: readonly Axis[]): readonly Axis[] => [...axes].sort((a, b) => rank.indexOf(a) - rank.indexOf(b));
  const demanded = new Map<TensorExpr, readonly Axis[]>();
  for (const e of nodesOf(def.results.map((r) => r.value))) {
    if (e.kind !== 'dot') continue;
    const roles = dotRoles(e, windows, ranked(e.axes));
    if (roles.rows.length + roles.cols.length === 0) continue;
    for (const [x, order] of [[roles.lhs, roles.lhsOrder], [roles.rhs, roles.rhsOrder]] as const) if (x.kind !== 'input' && x.kind !== 'carry') demanded.set(x, order);
  }
  return (e) => demanded.get(e) ?? ranked(e.axes);
}

function axisRank(def: KernelDef): readonly Axis[] {
  const results = [...def.results].sort((a, b) => b.order.length - a.order.length).flatMap((r) => r.order);
  const others = [...def.params.flatMap((p) => p.order), ...nodesOf(def.results.map((r) => r.value)).flatMap((e) => e.axes)];
  return [...new Set([...results, ...others])];
}
