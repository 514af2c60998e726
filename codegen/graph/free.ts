import type { Axis, FoldLoop, TensorExpr } from '../../dsl/expr.js';

/** What the meaning of a node takes from the folds around it: `axis k` (its window) and `carry m`. */
export interface Free {
  expr(e: TensorExpr): ReadonlySet<string>;
  loop(l: FoldLoop): ReadonlySet<string>;
}

/** A {@link Free} that remembers what it computed. */
export function freeOf(): Free {
  const exprs = new Map<TensorExpr, ReadonlySet<string>>();
  const loops = new Map<FoldLoop, ReadonlySet<string>>();
  const expr = (e: TensorExpr): ReadonlySet<string> => {
    const before = exprs.get(e);
    if (before) return before;
    const made = new Set([...inside(e), ...e.axes.map(axisName)]);
    exprs.set(e, made);
    return made;
  };
  const loop = (l: FoldLoop): ReadonlySet<string> => {
    const before = loops.get(l);
    if (before) return before;
    const steps = [...l.references.map((r) => r.next), ...l.states.flatMap((s) => [s.moved, s.block])];
    const made = minus([...steps.flatMap((e) => [...expr(e)]), ...[...l.references, ...l.states].flatMap((r) => r.carry.axes.map(axisName))], [axisName(l.axis), ...carries(l)]);
    loops.set(l, made);
    return made;
  };
  const inside = (e: TensorExpr): readonly string[] => {
    switch (e.kind) {
      case 'input': return [];
      case 'carry': return [`carry ${e.name}`];
      case 'map': return e.args.flatMap((a) => [...expr(a)]);
      case 'reduce': return [...expr(e.arg)];
      case 'dot': return [...expr(e.lhs), ...expr(e.rhs)];
      case 'cast': return [...expr(e.arg)];
      // These read their operand whole along the axes they take away.
      case 'gather': return [...minus(expr(e.from), [axisName(e.axis)]), ...expr(e.index)];
      case 'topk': return [...minus(expr(e.arg), [axisName(e.axis), axisName(e.as)])];
      case 'reaxis': return [...minus(expr(e.arg), (e.how.kind === 'merge' ? [e.how.outer, e.how.inner] : [e.how.from]).map(axisName))];
      case 'fold': return [...loop(e.loop), ...minus(expr(e.result), [axisName(e.loop.axis), ...carries(e.loop)])];
      default: return e satisfies never;
    }
  };
  return { expr, loop };
}

const axisName = (a: Axis): string => `axis ${a}`;
const carries = (l: FoldLoop): readonly string[] => [...l.references, ...l.states].map((r) => `carry ${r.carry.name}`);
const minus = (names: Iterable<string>, gone: readonly string[]): ReadonlySet<string> => new Set([...names].filter((n) => !gone.includes(n)));
