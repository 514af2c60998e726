import type { KernelDef } from '../../dsl/definition.js';
import type { FoldLoop, ReaxisHow, TensorExpr } from '../../dsl/expr.js';
import { rebuilder, same } from '../../dsl/walk.js';
import { scalarKey } from './keys.js';

/** `def` with equal nodes made one object, so that later stages compare with `===`. The first span met stays. */
export function dedupe(def: KernelDef): KernelDef {
  const go = deduper();
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : { ...def, results };
}

/** A rebuild after which equal nodes are one object, across all calls of the returned function. */
export function deduper(): (e: TensorExpr) => TensorExpr {
  const ids = new Map<object, number>();
  const known = new Map<string, TensorExpr>();
  const loops = new Map<string, FoldLoop>();
  const id = (x: object): number => {
    const before = ids.get(x);
    if (before !== undefined) return before;
    ids.set(x, ids.size);
    return ids.size - 1;
  };
  /** Loops that step alike are one loop: nothing else of a loop is visible from outside. */
  const oneLoop = (loop: FoldLoop): FoldLoop => {
    const parts = [
      ...loop.references.map((r) => `${r.carry.name}:${r.start}:${id(r.next)}`),
      ...loop.states.map((s) => `${s.carry.name}:${s.monoid}:${s.init}:${id(s.moved)}:${id(s.block)}`),
    ];
    const key = `${loop.axis}|${parts.join('|')}`;
    const first = loops.get(key) ?? loop;
    loops.set(key, first);
    return first;
  };
  return rebuilder((made) => {
    const e = made.kind === 'fold' ? withLoop(made, oneLoop(made.loop)) : made;
    const key = `${e.kind}|${e.dtype}|${e.axes.join(',')}|${ownKey(e, id)}`;
    const first = known.get(key) ?? e;
    known.set(key, first);
    return first;
  });
}

const withLoop = (e: TensorExpr & { readonly kind: 'fold' }, loop: FoldLoop): TensorExpr => (loop === e.loop ? e : { ...e, loop });

/** What tells a node from others of its kind, dtype and axes; operands by identity. */
function ownKey(e: TensorExpr, id: (x: object) => number): string {
  switch (e.kind) {
    case 'input': case 'carry': return e.name;
    case 'map': return `${scalarKey(e.fn)}|${e.args.map(id).join(',')}`;
    case 'reduce': return `${e.op}|${e.axis}|${id(e.arg)}`;
    case 'dot': return `${e.over}|${id(e.lhs)}|${id(e.rhs)}`;
    case 'gather': return `${e.axis}|${id(e.from)}|${id(e.index)}|${scalarKey({ kind: 'lit', value: e.outside, span: e.span })}`;
    case 'topk': return `${e.axis}|${e.as}|${scalarKey(e.count)}|${id(e.arg)}`;
    case 'reaxis': return `${howKey(e.how)}|${id(e.arg)}`;
    case 'cast': return String(id(e.arg));
    case 'fold': return `${id(e.loop)}|${id(e.result)}`;
    default: return e satisfies never;
  }
}

function howKey(how: ReaxisHow): string {
  switch (how.kind) {
    case 'rename': return `rename ${how.from} ${how.to}`;
    case 'split': return `split ${how.from} ${how.outer} ${how.inner} ${how.size}`;
    case 'merge': return `merge ${how.outer} ${how.inner} ${how.size} ${how.to}`;
    default: return how satisfies never;
  }
}
