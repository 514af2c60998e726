import type { Fold, FoldLoop, TensorExpr } from './expr.js';

/** Direct operands of a node, a fold's inner expressions included. */
export function reads(e: TensorExpr): readonly TensorExpr[] {
  switch (e.kind) {
    case 'input': case 'carry': return [];
    case 'map': return e.args;
    case 'reduce': case 'topk': case 'reaxis': case 'cast': return [e.arg];
    case 'dot': return [e.lhs, e.rhs];
    case 'gather': return [e.from, e.index];
    case 'fold': return [...e.loop.references.map((r) => r.next), ...e.loop.states.flatMap((s) => [s.moved, s.block]), e.result];
    default: return e satisfies never;
  }
}

/**
 * Rebuilds graphs bottom-up with `f` on every node whose operands are already rebuilt. Shared nodes and shared fold
 * loops stay shared (one memo for all calls of the returned function); an unchanged node is the same object.
 */
export function rebuilder(f: (e: TensorExpr) => TensorExpr): (e: TensorExpr) => TensorExpr {
  const memo = new Map<TensorExpr, TensorExpr>();
  const loops = new Map<FoldLoop, FoldLoop>();
  const go = (e: TensorExpr): TensorExpr => {
    const done = memo.get(e);
    if (done) return done;
    const made = f(withReads(e, go, loopOf));
    memo.set(e, made);
    return made;
  };
  const loopOf = (loop: FoldLoop): FoldLoop => {
    const done = loops.get(loop);
    if (done) return done;
    const references = same(loop.references, (r) => { const next = go(r.next); return next === r.next ? r : { ...r, next }; });
    const states = same(loop.states, (s) => {
      const moved = go(s.moved);
      const block = go(s.block);
      return moved === s.moved && block === s.block ? s : { ...s, moved, block };
    });
    const made = references === loop.references && states === loop.states ? loop : { ...loop, references, states };
    loops.set(loop, made);
    return made;
  };
  return go;
}

function withReads(e: TensorExpr, go: (e: TensorExpr) => TensorExpr, loopOf: (l: FoldLoop) => FoldLoop): TensorExpr {
  switch (e.kind) {
    case 'input': case 'carry': return e;
    case 'map': {
      const args = same(e.args, go);
      return args === e.args ? e : { ...e, args };
    }
    case 'reduce': case 'topk': case 'reaxis': case 'cast': {
      const arg = go(e.arg);
      return arg === e.arg ? e : { ...e, arg };
    }
    case 'dot': {
      const lhs = go(e.lhs);
      const rhs = go(e.rhs);
      return lhs === e.lhs && rhs === e.rhs ? e : { ...e, lhs, rhs };
    }
    case 'gather': {
      const from = go(e.from);
      const index = go(e.index);
      return from === e.from && index === e.index ? e : { ...e, from, index };
    }
    case 'fold': {
      const loop = loopOf(e.loop);
      const result = go(e.result);
      return loop === e.loop && result === e.result ? e : ({ ...e, loop, result } satisfies Fold);
    }
    default: return e satisfies never;
  }
}

/** `items` mapped; the same array when every element came back as itself. */
export function same<T>(items: readonly T[], f: (item: T) => T): readonly T[] {
  const made = items.map(f);
  return made.every((m, i) => m === items[i]) ? items : made;
}

/** Every node reachable from `roots`, operands first, each once. */
export function nodesOf(roots: readonly TensorExpr[]): readonly TensorExpr[] {
  const seen = new Set<TensorExpr>();
  const visit = (e: TensorExpr): void => {
    if (seen.has(e)) return;
    reads(e).forEach(visit);
    seen.add(e);
  };
  roots.forEach(visit);
  return [...seen];
}
