import type { KernelDef } from '../../dsl/definition.js';
import type { TensorExpr } from '../../dsl/expr.js';
import { nodesOf, reads } from '../../dsl/walk.js';
import type { Cascade } from './cascade.js';

/**
 * Maps that a cascade's fold computes in its result: they do not vary along the axis, read finished sums of this cascade
 * and otherwise only what involves no streamed reduction, and are no wider than the sums they read.
 */
export function absorbedBy(nodes: readonly TensorExpr[], groups: ReadonlyMap<TensorExpr, Cascade>): ReadonlyMap<TensorExpr, Cascade> {
  const found = new Map<TensorExpr, Cascade>();
  const heavy = new Set(nodes.filter((e) => nodesOf([e]).some((x) => groups.has(x))));
  for (const e of nodes) {
    if (e.kind !== 'map') continue;
    const read = e.args.filter((a) => heavy.has(a));
    const [first, ...rest] = read.map((a) => groups.get(a) ?? found.get(a));
    if (!first || rest.some((c) => c !== first) || e.axes.includes(first.axis)) continue;
    if (e.axes.every((a) => read.some((x) => x.axes.includes(a)))) found.set(e, first);
  }
  return found;
}

/** What of each cascade the rest of the kernel reads: members and absorbed maps that someone outside needs. */
export function exitsOf(def: KernelDef, groups: ReadonlyMap<TensorExpr, Cascade>, absorbed: ReadonlyMap<TensorExpr, Cascade>): ReadonlyMap<Cascade, readonly TensorExpr[]> {
  const exits = new Map<Cascade, Set<TensorExpr>>();
  const seen = new Set<TensorExpr>();
  const entered = new Set<TensorExpr>();
  const ownerOf = (e: TensorExpr): Cascade | undefined => groups.get(e) ?? absorbed.get(e);
  const outside = (e: TensorExpr): void => {
    const owner = ownerOf(e);
    if (owner) {
      exits.set(owner, (exits.get(owner) ?? new Set()).add(e));
      inside(e, owner);
      return;
    }
    if (seen.has(e)) return;
    seen.add(e);
    reads(e).forEach(outside);
  };
  /** Within a cascade's own bodies and epilogue only what it does not follow is outside. */
  const inside = (e: TensorExpr, owner: Cascade): void => {
    if (entered.has(e)) return;
    entered.add(e);
    for (const x of reads(e)) {
      const follows = owner.roles.sources(x).length > 0;
      const isExternal = follows && !x.axes.includes(owner.axis) && ownerOf(x) !== owner;
      if (follows && !isExternal) inside(x, owner);
      else {
        outside(x);
        throughMaps(x);
      }
    }
  };
  /** The other cascade's normal form sees through maps, down to the sums that they read. */
  const throughMaps = (e: TensorExpr): void => {
    if (e.kind === 'map' && absorbed.has(e)) for (const x of e.args) {
      outside(x);
      throughMaps(x);
    }
  };
  for (const r of def.results) outside(r.value);
  return new Map([...exits].map(([c, es]) => [c, [...es]]));
}
