import type { KernelDef } from '../../dsl/definition.js';
import type { Axis, ReaxisHow } from '../../dsl/expr.js';
import type { SizeRelation } from '../../dsl/relations.js';
import { nodesOf } from '../../dsl/walk.js';

/**
 * Lengths that follow from others because an axis is another one renamed, split or merged, where some axis of the relation
 * stands in no parameter and no result. Packed lengths follow from offsets, so ragged axes have none.
 */
export function sizeRelations(def: KernelDef): readonly SizeRelation<Axis>[] {
  const shown = new Set([...def.params, ...def.results].flatMap((p) => p.order));
  const all = nodesOf(def.results.map((r) => r.value)).flatMap((e) => (e.kind === 'reaxis' ? [relationOf(e.how)] : []));
  const distinct = [...new Map(all.map((r) => [`${r.axis}=${r.of.join('·')}`, r])).values()];
  const axes = (r: SizeRelation<Axis>): readonly Axis[] => [r.axis, ...r.of];
  return distinct.filter((r) => axes(r).some((a) => !shown.has(a) && def.sizes[a]?.kind === 'dynamic') && axes(r).every((a) => def.sizes[a]?.kind !== 'ragged'));
}

function relationOf(how: ReaxisHow): SizeRelation<Axis> {
  switch (how.kind) {
    case 'rename': return { axis: how.to, of: [how.from] };
    case 'split': return { axis: how.from, of: [how.outer, how.inner] };
    case 'merge': return { axis: how.to, of: [how.outer, how.inner] };
    default: return how satisfies never;
  }
}
