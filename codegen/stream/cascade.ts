import type { KernelDef, SizeRule } from '../../dsl/definition.js';
import type { Axis, Dot, Reduce, TensorExpr } from '../../dsl/expr.js';
import { nodesOf, reads } from '../../dsl/walk.js';
import type { Roles } from './describe.js';
import { refusePass } from './refuse.js';

/** Reductions over a fixed axis no longer than this stay in place. */
export const residentLimit = 256;
/** Over the same two axes a kernel walks at most this often. */
const passLimit = 2;

export type Member = Reduce | Dot;
/** Reductions over one axis that one loop computes, operands before their readers. */
export interface Cascade { readonly axis: Axis; readonly members: readonly Member[]; readonly roles: Roles }

/** Whether a reduction over an axis of this size stays in place. */
export const isResident = (rule: SizeRule | undefined): boolean => rule?.kind === 'fixed' && rule.size <= residentLimit;

/** The axis a reduction takes away. */
export const reducedAxis = (m: Member): Axis => (m.kind === 'dot' ? m.over : m.axis);
const bodyOf = (m: Member): readonly TensorExpr[] => (m.kind === 'dot' ? [m.lhs, m.rhs] : [m.arg]);

/**
 * The cascades of a kernel by member: reductions that depend on each other over one axis, joined by those over the same
 * axis that read the same data and have the same outer axes, or fewer and meet in one map. Throws S101 where a third pass over two axes is needed.
 */
export function cascades(def: KernelDef): ReadonlyMap<TensorExpr, Cascade> {
  const nodes = nodesOf(def.results.map((r) => r.value));
  const graph = reachOf(def);
  const members = nodes.filter((e): e is Member => isReduction(e) && !isResident(def.sizes[reducedAxis(e)]));
  checkPasses(members, graph);
  const group = new Map<Member, Member>(members.map((m) => [m, m]));
  const rootOf = (m: Member): Member => {
    const up = group.get(m) ?? m;
    return up === m ? m : rootOf(up);
  };
  const join = (a: Member, b: Member): void => void group.set(rootOf(a), rootOf(b));
  for (const n of members) for (const m of graph.same(n)) join(n, m);
  const meets = (a: Member, b: Member): boolean => nodes.some((e) => e.kind === 'map' && e.args.includes(a) && e.args.includes(b));
  for (const [i, a] of members.entries()) for (const b of members.slice(0, i)) if (rootOf(a) !== rootOf(b) && shares(a, b) && (sameAxes(a, b) || (nested(a, b) && meets(a, b)))) {
    const groupOf = (m: Member): readonly Member[] => members.filter((x) => rootOf(x) === rootOf(m));
    if (isApart(groupOf(a), groupOf(b))) join(a, b);
  }
  const roots = [...new Set(members.map(rootOf))];
  return new Map(roots.flatMap((root) => {
    const own = members.filter((m) => rootOf(m) === root);
    const cascade: Cascade = { axis: reducedAxis(root), members: own, roles: rolesOf(own, graph) };
    return own.map((m) => [m, cascade] as const);
  }));
}

const isReduction = (e: TensorExpr): e is Member => e.kind === 'reduce' || e.kind === 'dot';
const sameAxes = (a: TensorExpr, b: TensorExpr): boolean => a.axes.length === b.axes.length && a.axes.every((x) => b.axes.includes(x));

const nested = (a: TensorExpr, b: TensorExpr): boolean => a.axes.every((x) => b.axes.includes(x)) || b.axes.every((x) => a.axes.includes(x));

/** Both reduce the same axis and read a common operand along it. */
function shares(a: Member, b: Member): boolean {
  const axis = reducedAxis(a);
  if (axis !== reducedAxis(b)) return false;
  const read = new Set(nodesOf(bodyOf(a)));
  return nodesOf(bodyOf(b)).some((e) => read.has(e) && e.axes.includes(axis));
}

/** No member of one is read by a member of the other. */
function isApart(a: readonly Member[], b: readonly Member[]): boolean {
  const under = (ms: readonly Member[]): ReadonlySet<TensorExpr> => new Set(nodesOf(ms));
  const [ua, ub] = [under(a), under(b)];
  return !a.some((m) => ub.has(m)) && !b.some((m) => ua.has(m));
}

/** How reductions see each other. A reduction is *near* when only maps, casts and operators in place lie between. */
interface Reach {
  /** Near reductions of `e` (itself when it is one), `e` being read by a reduction over `axis`. */
  near(e: TensorExpr, axis: Axis): ReadonlySet<Member>;
  /** Near reductions of a member's body over its own axis: references that it follows. */
  same(m: Member): readonly Member[];
}

function reachOf(def: KernelDef): Reach {
  const memo = new Map<string, Map<TensorExpr, ReadonlySet<Member>>>();
  const isWall = (e: TensorExpr): e is Member => isReduction(e) && (!isResident(def.sizes[reducedAxis(e)]) || isColumn(e));
  /** A sum in place over rows whose references vary along the rows: the references must be finished first. */
  const isColumn = (e: Member): boolean => {
    const rows = reducedAxis(e);
    return e.axes.some((a) => !isResident(def.sizes[a]) && bodyOf(e).some((b) => [...near(b, a)].some((m) => reducedAxis(m) === a && m.axes.includes(rows))));
  };
  const near = (e: TensorExpr, axis: Axis): ReadonlySet<Member> => {
    const seen = memo.get(axis) ?? new Map<TensorExpr, ReadonlySet<Member>>();
    memo.set(axis, seen);
    const before = seen.get(e);
    if (before) return before;
    const made: ReadonlySet<Member> = isWall(e) ? new Set([e]) : new Set(followed(e, axis).flatMap((x) => [...near(x, axis)]));
    seen.set(e, made);
    return made;
  };
  return { near, same: (m) => bodyOf(m).flatMap((b) => [...near(b, reducedAxis(m))]).filter((r) => reducedAxis(r) === reducedAxis(m)) };
}

/** Operands of `e` whose references a reduction over `axis` can follow: not those that come to vary along the axis itself, nor what top-k chose by. */
function followed(e: TensorExpr, axis: Axis): readonly TensorExpr[] {
  switch (e.kind) {
    case 'reaxis': {
      const made = e.how.kind === 'split' ? [e.how.outer, e.how.inner] : [e.how.to];
      return made.includes(axis) ? [] : [e.arg];
    }
    case 'gather': return e.axis === axis || e.index.axes.includes(axis) ? [] : reads(e);
    case 'topk': return [];
    default: return reads(e);
  }
}

function rolesOf(own: readonly Member[], graph: Reach): Roles {
  const [first] = own;
  const axis = first ? reducedAxis(first) : '';
  return {
    sources: (e) => [...graph.near(e, axis)].filter((m) => own.includes(m)),
    isMember: (e) => own.some((m) => m === e),
  };
}

/** Counts the passes over two axes: one more where a reference of another axis comes back along it (k, q, k is a third). */
function checkPasses(members: readonly Member[], graph: Reach): void {
  const chains = new Map<Member, readonly Member[]>();
  const chain = (n: Member): readonly Member[] => {
    const before = chains.get(n);
    if (before) return before;
    const axis = reducedAxis(n);
    const body = bodyOf(n);
    const axes = new Set(body.flatMap((b) => b.axes));
    let longest: readonly Member[] = [];
    for (const m of new Set(body.flatMap((b) => [...graph.near(b, axis)]))) {
      const back = reducedAxis(m) !== axis && m.axes.includes(axis) && axes.has(reducedAxis(m));
      const own = chain(m);
      const passes = back ? own : own.slice(0, -1);
      if (passes.length > longest.length) longest = passes;
    }
    const made = [...longest, n];
    chains.set(n, made);
    return made;
  };
  for (const n of members) {
    const passes = chain(n);
    const second = passes[passLimit - 1];
    if (passes.length > passLimit && second) refusePass(n, passes.map(reducedAxis), second);
  }
}
