import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { map, unionAxes } from '../../dsl/ops.js';
import { arg, mapScalar, select, type Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { argsOf, positionsOf } from './table.js';

/**
 * The tensor of scalar code whose `arg i` are given as tensors. A part with fewer axes than the whole becomes a map of its
 * own, computed once per element of those axes: o·(1 / l) divides per row, not per column. `over`: axes the result has anyway.
 */
export function narrowed(s: Scalar, tensor: (index: number) => TensorExpr, span: Span, over: readonly Axis[]): TensorExpr {
  const axesOf = (x: Scalar): readonly Axis[] => unionAxes(...argsOf(x).map((i) => tensor(i).axes), positionsOf(x));
  const axes = unionAxes(axesOf(s), over);
  const args: TensorExpr[] = [];
  const operand = (e: TensorExpr): Scalar => arg(args.includes(e) ? args.indexOf(e) : args.push(e) - 1, e.span);
  const go = (x: Scalar): Scalar => {
    if (x.kind === 'arg') return operand(tensor(x.index));
    if (x.kind === 'lit' || x.kind === 'pos' || x.kind === 'size') return x;
    // A condition stays whole, in positions and sizes: what it says of blocks of them must be seen where it decides.
    if (x.kind === 'select' && axesOf(x).length === axes.length) return select(plain(x.cond), go(x.a), go(x.b), x.span);
    const own = axesOf(x);
    if (argsOf(x).length > 0 && own.length < axes.length && x !== s) return operand(narrowed(x, tensor, { ...span, binding: undefined }, []));
    return mapScalar(x, go);
  };
  const plain = (x: Scalar): Scalar => (x.kind === 'arg' ? operand(tensor(x.index)) : mapScalar(x, plain));
  if (s.kind === 'arg') {
    const only = tensor(s.index);
    if (only.axes.length === axes.length) return only;
  }
  const fn = go(s);
  return map(fn, args, span, axes);
}
