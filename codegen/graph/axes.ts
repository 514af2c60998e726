import type { KernelDef } from '../../dsl/definition.js';
import { CompileError } from '../../dsl/diagnostic.js';
import type { Axis, Fold, TensorExpr } from '../../dsl/expr.js';
import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf } from '../../dsl/walk.js';

/**
 * What a launch does with an axis: `grid` blocks compute parts of it, `loop` one block walks it (a fold, or a result's
 * axis that the result's value folds over), `tile` it stands whole in every tile.
 */
export type AxisKind = 'grid' | 'loop' | 'tile';

/** The kind of every axis of a launch. Throws L104 for an axis of unknown length that is reduced outside a fold. */
export function axisKinds(def: KernelDef): ReadonlyMap<Axis, AxisKind> {
  const nodes = nodesOf(def.results.map((r) => r.value));
  const folded = new Set(nodes.filter((e): e is Fold => e.kind === 'fold').map((e) => e.loop.axis));
  const kinds = new Map<Axis, AxisKind>([...folded].map((a) => [a, 'loop']));
  for (const e of nodes) for (const axis of wholeAxes(e)) if (!kinds.has(axis)) kinds.set(axis, whole(axis, e.span, def));
  for (const r of def.results) for (const axis of r.order) if (!kinds.has(axis)) kinds.set(axis, 'grid');
  for (const e of nodes) for (const axis of e.axes) if (!kinds.has(axis) && def.sizes[axis]?.kind === 'fixed') kinds.set(axis, 'tile');
  return kinds;
}

/** Axes that a node needs whole when no fold walks them. */
function wholeAxes(e: TensorExpr): readonly Axis[] {
  switch (e.kind) {
    case 'reduce': return [e.axis];
    case 'dot': return [e.over];
    case 'gather': return e.from.kind === 'input' ? [] : [e.axis];
    case 'input': case 'map': case 'topk': case 'reaxis': case 'cast': case 'carry': case 'fold': return [];
    default: return e satisfies never;
  }
}

function whole(axis: Axis, span: Span, def: KernelDef): AxisKind {
  if (def.sizes[axis]?.kind !== 'fixed') throw new CompileError('L104', `'${axis}' has no fixed size and must be whole here, but nothing streams over it`, span);
  return 'tile';
}

/** Axes whose length or position a launch refers to: of its tensors, its parameters and its scalar code. */
export function axesUsed(def: KernelDef): ReadonlySet<Axis> {
  const nodes = nodesOf(def.results.map((r) => r.value));
  const used = new Set<Axis>([...def.params, ...def.results].flatMap((p) => p.order));
  for (const e of nodes) {
    for (const a of [...e.axes, ...(e.kind === 'map' ? scalarAxes(e.fn) : [])]) used.add(a);
    if (e.kind === 'fold') used.add(e.loop.axis);
  }
  for (const axis of [...used]) {
    const rule = def.sizes[axis];
    if (rule?.kind === 'ragged') used.add(rule.by);
  }
  return used;
}

function scalarAxes(s: Scalar): readonly Axis[] {
  const own = s.kind === 'pos' || s.kind === 'size' ? [s.axis] : [];
  return [...own, ...scalarChildren(s).flatMap(scalarAxes)];
}
