import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, Dot } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';
import { axisKinds } from '../graph/axes.js';
import type { Launch } from '../graph/launch.js';
import type { AxisFacts, AxisPart, LaunchFacts } from '../schedule/model.js';

/** What the schedule model needs to know about a launch. */
export function factsOf(launch: Launch): LaunchFacts {
  const { def } = launch;
  const kinds = axisKinds(def);
  const dots = nodesOf(def.results.map((r) => r.value)).filter((e): e is Dot => e.kind === 'dot');
  const memory = [...def.results, ...def.params].map((p) => p.order).sort((a, b) => b.length - a.length);
  const widest = [...def.results].sort((a, b) => b.order.length - a.order.length)[0]?.order ?? [];
  const rank = [...new Set(memory.flat())];
  const side = (e: Dot, own: 'lhs' | 'rhs', other: 'lhs' | 'rhs'): readonly Axis[] =>
    e[own].axes.filter((a) => !e[other].axes.includes(a) && kinds.get(a) !== 'tile').sort((a, b) => rank.indexOf(a) - rank.indexOf(b));
  const sides = dots.flatMap((e) => [side(e, 'lhs', 'rhs'), side(e, 'rhs', 'lhs')]).filter((s) => s.length > 0);
  // Of several axes on a side one makes the block: the contiguous one of the result where it is there, else the outermost in memory.
  const innermost = widest.at(-1);
  const edges = new Set(sides.flatMap((s) => (innermost !== undefined && s.includes(innermost) ? [innermost] : s.slice(0, 1))));
  const contiguous = dots.length === 0 ? memory[0]?.at(-1) : undefined;
  const partOf = (axis: Axis): AxisPart => {
    if (Object.values(def.sizes).some((rule) => rule.kind === 'ragged' && rule.by === axis)) return 'ragged';
    if (axis === launch.joins?.axis) return 'parts';
    if (axis === launch.joins?.rows) return 'joined';
    const over = dots.some((e) => e.over === axis);
    const edge = sides.some((s) => s.includes(axis));
    if (over) return edge ? 'chain' : 'contracted';
    if (edge) return edges.has(axis) ? 'edge' : 'minorEdge';
    if (dots.some((e) => e.lhs.axes.includes(axis) && e.rhs.axes.includes(axis))) return 'batch';
    if (axis === contiguous) return 'contiguous';
    const isStreamed = kinds.get(axis) === 'loop' && contiguous !== undefined && memory.some((order) => order.includes(axis) && order.includes(contiguous));
    return isStreamed ? 'streamed' : 'plain';
  };
  const plainGrid = [...rank].reverse().filter((a) => kinds.get(a) === 'grid' && partOf(a) === 'plain');
  return {
    axes: [...kinds].map(([axis, kind]): AxisFacts => {
      const rule = def.sizes[axis];
      return { axis, kind, part: partOf(axis), fixed: rule?.kind === 'fixed' ? rule.size : undefined, rank: Math.max(0, plainGrid.indexOf(axis)), isInnermost: axis === innermost };
    }),
    bytes: Math.min(4, ...(dots.length > 0 ? dots.flatMap((e) => [e.lhs, e.rhs]).filter((e) => e.kind === 'input').map((e) => e.dtype) : [...def.params, ...def.results].map((p) => p.dtype)).map((t) => dtypeBytes[t])),
    products: dots.length,
    alongChain: nodesOf(def.results.map((r) => r.value)).filter((e) => e.kind === 'input' && e.axes.some((a) => partOf(a) === 'chain') && !dots.some((d) => d.lhs === e || d.rhs === e)).length,
    computed: new Set(dots.flatMap((e) => [e.lhs, e.rhs]).filter((e) => e.kind === 'map' || e.kind === 'cast')).size,
    between: [...new Set(def.params.filter((p) => launch.scratch.has(p.name)).flatMap((p) => p.order))],
    beside: nodesOf(def.results.map((r) => r.value)).filter((e) => e.kind === 'input' && e.axes.filter((a) => edges.has(a)).length > 1).length,
  };
}
