import type { Axis } from '../../dsl/expr.js';
import { binaryMeaning, unaryMeaning, type Scalar } from '../../dsl/scalar.js';

/** `evalScalar` with the tree walked once: the value from operands and from positions in the order of `axes`. */
export function scalarReader(s: Scalar, axes: readonly Axis[], size: (a: Axis) => number): (args: readonly number[], at: readonly number[]) => number {
  switch (s.kind) {
    case 'lit': {
      const { value } = s;
      return () => value;
    }
    case 'arg': {
      const { index } = s;
      return (args) => args[index] ?? NaN;
    }
    case 'pos': {
      const n = axes.indexOf(s.axis);
      return (_, at) => at[n] ?? NaN;
    }
    case 'size': {
      const value = size(s.axis);
      return () => value;
    }
    case 'unary': {
      const f = unaryMeaning[s.op];
      const a = scalarReader(s.a, axes, size);
      return (args, at) => f(a(args, at));
    }
    case 'binary': {
      const f = binaryMeaning[s.op];
      const a = scalarReader(s.a, axes, size);
      const b = scalarReader(s.b, axes, size);
      return (args, at) => f(a(args, at), b(args, at));
    }
    case 'select': {
      const cond = scalarReader(s.cond, axes, size);
      const a = scalarReader(s.a, axes, size);
      const b = scalarReader(s.b, axes, size);
      return (args, at) => (cond(args, at) ? a(args, at) : b(args, at));
    }
    default: return s satisfies never;
  }
}
