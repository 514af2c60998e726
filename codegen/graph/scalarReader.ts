import type { Axis } from '../../dsl/expr.js';
import { binaryMeaning, unaryMeaning, type Scalar } from '../../dsl/scalar.js';

type Reader = (args: readonly number[], at: readonly number[]) => number;

/** What operators make, each on its way to its reader; `undefined`: nothing is to be done to this one. */
export type Change = (s: Scalar) => ((x: number) => number) | undefined;

/** `evalScalar` with the tree walked once: the value from operands and from positions in the order of `axes`. */
export function scalarReader(s: Scalar, axes: readonly Axis[], size: (a: Axis) => number, change?: Change): Reader {
  const read = plainReader(s, axes, size, change);
  const changed = change?.(s);
  return changed ? (args, at) => changed(read(args, at)) : read;
}

function plainReader(s: Scalar, axes: readonly Axis[], size: (a: Axis) => number, change: Change | undefined): Reader {
  const reader = (x: Scalar): Reader => scalarReader(x, axes, size, change);
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
      const a = reader(s.a);
      return (args, at) => f(a(args, at));
    }
    case 'binary': {
      const f = binaryMeaning[s.op];
      const a = reader(s.a);
      const b = reader(s.b);
      return (args, at) => f(a(args, at), b(args, at));
    }
    case 'select': {
      const cond = reader(s.cond);
      const a = reader(s.a);
      const b = reader(s.b);
      return (args, at) => (cond(args, at) ? a(args, at) : b(args, at));
    }
    default: return s satisfies never;
  }
}
