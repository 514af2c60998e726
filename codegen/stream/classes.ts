import { castExactly, type DType } from '../../dsl/dtype.js';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Roles } from './describe.js';
import { argsOf, positionsOf, type Table } from './table.js';

/**
 * What an expression is to a cascade over an axis: `data` varies along the axis and follows no reference, `free` follows
 * references and does not vary, `const` does neither, `mixed` both.
 */
export type Class = 'const' | 'data' | 'free' | 'mixed';

export interface Classes {
  (e: TensorExpr): Class;
  /** Axes that scalar code over the table's leaves has. */
  axesOf(s: Scalar): readonly Axis[];
}

export function classesOf(axis: Axis, roles: Roles, table: Table): Classes {
  const memo = new Map<TensorExpr, Class>();
  const classify = (e: TensorExpr): Class => {
    const before = memo.get(e);
    if (before) return before;
    const varies = e.axes.includes(axis);
    const follows = roles.sources(e).length > 0;
    const made = varies ? (follows ? 'mixed' : 'data') : follows ? 'free' : 'const';
    memo.set(e, made);
    return made;
  };
  const axesOf = (s: Scalar): readonly Axis[] => [...positionsOf(s), ...argsOf(s).flatMap((i) => { const l = table.leafAt(i); return l.kind === 'tensor' || l.kind === 'pushed' ? l.e.axes : []; })];
  return Object.assign(classify, { axesOf });
}

/** Class of scalar code over the operands `args`. */
export function classOf(s: Scalar, args: readonly TensorExpr[], classes: (e: TensorExpr) => Class, axis: Axis): Class {
  switch (s.kind) {
    case 'lit': case 'size': return 'const';
    case 'pos': return s.axis === axis ? 'data' : 'const';
    case 'arg': {
      const e = args[s.index];
      return e ? classes(e) : 'const';
    }
    case 'unary': case 'binary': case 'select': return scalarChildren(s).map((c) => classOf(c, args, classes, axis)).reduce(joined, 'const');
    default: return s satisfies never;
  }
}

const joined = (a: Class, b: Class): Class => (a === b || b === 'const' ? a : a === 'const' ? b : 'mixed');

/** Whether scalar code is a product with an exponential factor: the one thing that is looked into even without references. */
export function hasExp(s: Scalar, args: readonly TensorExpr[]): boolean {
  switch (s.kind) {
    case 'lit': case 'pos': case 'size': return false;
    case 'arg': {
      const e = args[s.index];
      return e !== undefined && tensorHasExp(e);
    }
    case 'unary': return s.op === 'exp' || s.op === 'exp2' || (s.op === 'neg' && hasExp(s.a, args));
    case 'binary': return (s.op === 'mul' && (hasExp(s.a, args) || hasExp(s.b, args))) || (s.op === 'div' && hasExp(s.a, args));
    case 'select': return (isZero(s.b) && hasExp(s.a, args)) || (isZero(s.a) && hasExp(s.b, args));
    default: return s satisfies never;
  }
}

/** Whether a cast to it changes more than the last bits of a number: it truncates, or saturates. */
export const cutsOff = (dtype: DType): boolean => castExactly(dtype) !== undefined;

const isZero = (s: Scalar): boolean => s.kind === 'lit' && s.value === 0;
function tensorHasExp(e: TensorExpr): boolean {
  if (e.kind === 'cast') return !cutsOff(e.dtype) && tensorHasExp(e.arg);
  return e.kind === 'map' && hasExp(e.fn, e.args);
}
