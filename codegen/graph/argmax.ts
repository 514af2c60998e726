import type { KernelDef } from '../../dsl/definition.js';
import type { Carry, FoldLoop, TensorExpr, TopK } from '../../dsl/expr.js';
import { map, reduce } from '../../dsl/ops.js';
import { arg, binary, lit, pos, select } from '../../dsl/scalar.js';
import { rebuilder, same } from '../../dsl/walk.js';

/**
 * A topk of one over computed values, as a fold: the best value so far and where it stood, moved on only by a strictly
 * better block, so that ties go to the lower position. Its rows then need not stand in memory. NaN counts as −∞.
 */
export function streamArgmax(def: KernelDef): KernelDef {
  let count = 0;
  const go = rebuilder((e) => (e.kind === 'topk' && e.arg.kind !== 'input' && isOne(e, def) ? argmax(e, ++count) : e));
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : { ...def, results };
}

function isOne(e: TopK, def: KernelDef): boolean {
  const rule = def.sizes[e.axis];
  const as = def.sizes[e.as];
  return rule?.kind !== 'fixed' && ((e.count.kind === 'lit' && e.count.value === 1) || (as?.kind === 'fixed' && as.size === 1));
}

function argmax(e: TopK, n: number): TensorExpr {
  const { span, axis } = e;
  const axes = e.axes.filter((a) => a !== e.as);
  const best: Carry = { kind: 'carry', name: `best${n}`, dtype: 'f32', axes, span };
  const place: Carry = { kind: 'carry', name: `place${n}`, dtype: 'i32', axes, span };
  const none = lit(-1, span);
  const value = map(select(binary('eq', arg(0), arg(0)), arg(0), lit(-Infinity, span), span), [e.arg], span);
  const blockBest = reduce('max', value, axis, span);
  const candidates = map(select(binary('eq', arg(0), arg(1)), pos(axis, span), lit(2 ** 31 - 1, span), span), [value, blockBest], span);
  const blockPlace = reduce('min', candidates, axis, span);
  const isBetter = binary('or', binary('lt', arg(0), arg(1)), binary('lt', arg(2), lit(0, span)));
  const loop: FoldLoop = {
    axis,
    references: [{ carry: best, start: -Infinity, next: map(binary('max', arg(0), arg(1)), [best, blockBest], span) }],
    states: [{
      carry: place, monoid: 'max', init: -1,
      moved: map(select(isBetter, none, arg(2), span), [best, blockBest, place], span),
      block: map(select(isBetter, arg(3), none, span), [best, blockBest, place, blockPlace], span),
    }],
    certificate: { axis, atoms: [e.arg.span], references: [{ name: best.name, rule: 'max', atom: 0, start: -Infinity, slack: Infinity, origin: 'introduced' }], blocks: [], epilogue: [] },
  };
  const result = map(arg(0), [place], span, e.axes);
  return { kind: 'fold', loop, result, dtype: 'i32', axes: e.axes, span };
}
