import type { TensorExpr } from '../../dsl/expr.js';
import { same } from '../../dsl/walk.js';

/** A rebuild from the roots down: `replace` sees a node before its operands are looked at; an unchanged node is the same object. */
export function rebuildFrom(replace: (e: TensorExpr) => TensorExpr | undefined): (e: TensorExpr) => TensorExpr {
  const memo = new Map<TensorExpr, TensorExpr>();
  const go = (e: TensorExpr): TensorExpr => {
    const before = memo.get(e);
    if (before) return before;
    const made = replace(e) ?? withOperands(e, go);
    memo.set(e, made);
    return made;
  };
  return go;
}

/** `e` over other operands. Source graphs have no folds yet, so a fold is a leaf. */
export function withOperands(e: TensorExpr, to: (x: TensorExpr) => TensorExpr): TensorExpr {
  switch (e.kind) {
    case 'input': case 'carry': case 'fold': return e;
    case 'map': {
      const args = same(e.args, to);
      return args === e.args ? e : { ...e, args };
    }
    case 'reduce': case 'topk': case 'reaxis': case 'cast': {
      const arg = to(e.arg);
      return arg === e.arg ? e : { ...e, arg };
    }
    case 'dot': {
      const [lhs, rhs] = [to(e.lhs), to(e.rhs)];
      return lhs === e.lhs && rhs === e.rhs ? e : { ...e, lhs, rhs };
    }
    case 'gather': {
      const [from, index] = [to(e.from), to(e.index)];
      return from === e.from && index === e.index ? e : { ...e, from, index };
    }
    default: return e satisfies never;
  }
}
