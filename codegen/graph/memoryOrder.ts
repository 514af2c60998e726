import type { KernelDef } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';

/** Axes in the order in which results, then parameters, have them; a ragged axis right behind the axis it depends on. */
export function inMemory(axes: readonly Axis[], def: KernelDef): readonly Axis[] {
  const rank = [...new Set([...[...def.results].sort((a, b) => b.order.length - a.order.length), ...def.params].flatMap((p) => p.order))];
  const plain = [...axes].sort((a, b) => rank.indexOf(a) - rank.indexOf(b));
  const by = (axis: Axis): Axis | undefined => {
    const rule = def.sizes[axis];
    return rule?.kind === 'ragged' && plain.includes(rule.by) ? rule.by : undefined;
  };
  return plain.filter((a) => by(a) === undefined).flatMap((a) => [a, ...plain.filter((b) => by(b) === a)]);
}
