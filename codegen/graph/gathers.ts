import type { KernelDef } from '../../dsl/definition.js';
import type { Gather, TensorExpr } from '../../dsl/expr.js';
import { cast, gather, map } from '../../dsl/ops.js';
import { arg, binary, lit, mapScalar, type Scalar } from '../../dsl/scalar.js';
import { nodesOf, rebuilder, same } from '../../dsl/walk.js';

/** Gathers from computed values become computations on gathered values: gather(f(x), i) → i inside ? f(gather(x, i)) : outside. */
export function sinkGathers(def: KernelDef): KernelDef {
  const go = rebuilder((e) => (e.kind === 'gather' && isElementwise(e.from) ? sunkGather(e.from, e, e.outside) : e));
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : { ...def, results };
}

/** Computed from parameters element by element, without one of them being gathered or reduced first. */
const isElementwise = (e: TensorExpr): boolean => (e.kind === 'map' || e.kind === 'cast') && nodesOf([e]).every((x) => x.kind === 'map' || x.kind === 'cast' || x.kind === 'input');

function sunkGather(from: TensorExpr, e: Gather, outside: number): TensorExpr {
  if (!from.axes.includes(e.axis)) return from;
  if (from.kind === 'cast') return cast(from.dtype, sunkGather(from.arg, e, outside), from.span);
  if (from.kind !== 'map') return gather(from, e.axis, e.index, outside, e.span);
  const args = [...from.args.map((a) => sunkGather(a, e, 0)), e.index];
  const index = arg(args.length - 1, e.span);
  const replaced = (s: Scalar): Scalar => (s.kind === 'pos' && s.axis === e.axis ? index : mapScalar(s, replaced));
  const inside = binary('and', binary('le', lit(0, e.span), index), binary('lt', index, { kind: 'size', axis: e.axis, span: e.span }), e.span);
  const kept = e.from.axes.filter((a) => a !== e.axis);
  const fn: Scalar = { kind: 'select', cond: inside, a: replaced(from.fn), b: lit(outside, e.span), span: from.span };
  return map(fn, args, from.span, [...new Set([...kept.filter((a) => from.axes.includes(a)), ...e.index.axes])]);
}

