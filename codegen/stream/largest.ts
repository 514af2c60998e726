import type { Certificate } from '../../dsl/certificate.js';
import type { Carry, Fold, FoldLoop, TensorExpr, TopK } from '../../dsl/expr.js';
import { cast, map, reduce } from '../../dsl/ops.js';
import { arg, binary, lit, pos, select } from '../../dsl/scalar.js';
import { bound } from '../../dsl/span.js';

/** Whether a top-k asks for one element. */
export const isSingle = (e: TopK, sizeOfResult: number | undefined): boolean => (e.count.kind === 'lit' ? e.count.value === 1 : sizeOfResult === 1);

/**
 * The position of the largest element as a fold, so that no row stands in memory: m = max s, then the least position where
 * s = m. In min-plus that is the position plus (s = m ? 0 : ∞), and moving m adds (m = m′ ? 0 : ∞): a constant, which
 * distributes over min. NaN counts as −∞, the first of equals wins, and an axis without positions gives −1.
 */
export function largest(e: TopK, s: TensorExpr, names: (wanted: string | undefined, otherwise: string) => string): TensorExpr {
  const { axis, span } = e;
  const axes = s.axes.filter((a) => a !== axis);
  const score = map(select(binary('eq', arg(0), arg(0)), arg(0), lit(-Infinity)), [s.dtype === 'i32' ? cast('f32', s, span) : s], s.span);
  const m: Carry = { kind: 'carry', name: names(undefined, 'm'), dtype: 'f32', axes, span };
  const at: Carry = { kind: 'carry', name: names(e.span.binding, 'at'), dtype: 'f32', axes, span };
  const next = map(binary('max', arg(0), arg(1)), [m, reduce('max', score, axis, span)], bound(span, `${m.name}New`));
  const places = map(select(binary('eq', arg(0), arg(1)), pos(axis), lit(Infinity)), [score, next], span);
  const moved = map(select(binary('eq', arg(0), arg(1)), arg(2), lit(Infinity)), [m, next, at], bound(span, at.name), axes);
  const loop: FoldLoop = {
    axis,
    references: [{ carry: m, start: -Infinity, next }],
    states: [{ carry: at, monoid: 'min', init: Infinity, moved, block: reduce('min', places, axis, span) }],
    certificate: certificate(e, s, m.name, at.name),
  };
  const found = map(select(binary('lt', arg(0), lit(Infinity)), arg(0), lit(-1)), [at], span, axes);
  const fold: Fold = { kind: 'fold', loop, result: found, axes, dtype: 'f32', span };
  return cast('i32', map(binary('add', arg(0), binary('mul', pos(e.as), lit(1))), [fold], span, [...axes, e.as]), span);
}

/** φ = position where s = m, ∞ elsewhere; T = 1 where m stays, ∞ where it moves. */
function certificate(e: TopK, s: TensorExpr, m: string, at: string): Certificate {
  const stays = (a: number, b: number, value: ReturnType<typeof lit>) => select(binary('eq', arg(a), arg(b)), value, lit(Infinity));
  return {
    axis: e.axis,
    atoms: [s.span],
    references: [{ name: m, rule: 'max', atom: 0, start: -Infinity, slack: 0, origin: 'introduced' }],
    blocks: [{ name: at, monoid: 'min', basis: [stays(0, 1, pos(e.axis))], transport: [[stays(1, 2, lit(1))]] }],
    epilogue: [arg(1)],
  };
}
