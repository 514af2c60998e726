import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { type Scalar, scalarChildren } from '../../dsl/scalar.js';

/** Axes along which scalar code over `args` varies. */
export function axesRead(s: Scalar, args: readonly TensorExpr[]): readonly Axis[] {
  const own = s.kind === 'arg' ? (args[s.index]?.axes ?? []) : s.kind === 'pos' ? [s.axis] : [];
  return [...new Set([...own, ...scalarChildren(s).flatMap((c) => axesRead(c, args))])];
}
