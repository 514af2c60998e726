import type { Diagnostic } from '../../dsl/diagnostic.js';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { type Scalar, scalarChildren } from '../../dsl/scalar.js';
import { scalarKey } from '../graph/keys.js';

/** A sum over an axis, of what. */
interface Summed { readonly of: TensorExpr; readonly axis: Axis }
type Operand = (index: number) => TensorExpr | undefined;

/**
 * W002 wherever the square of a mean is taken from a mean of squares: Σx²·a − (Σx·b)², scaled as they may be. In f32 nothing
 * is left of the difference where the mean is some thousand times the spread.
 */
export function cancellations(nodes: readonly TensorExpr[]): readonly Diagnostic[] {
  return nodes.flatMap((e) => (e.kind === 'map' ? differences(e.fn).flatMap((s) => {
    const at: Operand = (i) => e.args[i];
    const squares = scaledSum(s.a, at);
    const mean = rootOf(s.b, at);
    const x = squares && squareRoot(squares.of);
    return squares && mean && x === mean.of && squares.axis === mean.axis ? [{
      code: 'W002', span: s.span,
      message: `mean of squares minus square of the mean over '${mean.axis}' cancels: where the mean is large beside the spread, no digit of the difference is right`,
      notes: [`sum (x - mean) ** 2 over '${mean.axis}' instead`],
    } as const] : [];
  }) : []));
}

type Difference = Scalar & { readonly kind: 'binary' };
const differences = (s: Scalar): readonly Difference[] => [...(s.kind === 'binary' && s.op === 'sub' ? [s] : []), ...scalarChildren(s).flatMap(differences)];

/** What is summed, where scalar code is a sum times numbers and lengths, in this map or in the one that made the operand. */
function scaledSum(s: Scalar, at: Operand): Summed | undefined {
  if (s.kind === 'binary' && (s.op === 'div' || s.op === 'mul') && isScale(s.b)) return scaledSum(s.a, at);
  if (s.kind === 'binary' && s.op === 'mul' && isScale(s.a)) return scaledSum(s.b, at);
  const e = s.kind === 'arg' ? at(s.index) : undefined;
  if (e?.kind === 'map') return scaledSum(e.fn, (i) => e.args[i]);
  if (e?.kind === 'reduce' && e.op === 'sum') return { of: e.arg, axis: e.axis };
  // A contraction of a tensor with itself sums its squares.
  return e?.kind === 'dot' && e.lhs === e.rhs ? { of: e, axis: e.over } : undefined;
}

const isScale = (s: Scalar): boolean => s.kind === 'lit' || s.kind === 'size' || (s.kind !== 'arg' && s.kind !== 'pos' && scalarChildren(s).every(isScale));

/** The sum that is squared, where scalar code is u·u or u². */
function rootOf(s: Scalar, at: Operand): Summed | undefined {
  const u = halfOf(s);
  if (u) return scaledSum(u, at);
  const e = s.kind === 'arg' ? at(s.index) : undefined;
  return e?.kind === 'map' ? rootOf(e.fn, (i) => e.args[i]) : undefined;
}

/** The tensor whose square a summed tensor is. */
function squareRoot(e: TensorExpr): TensorExpr | undefined {
  if (e.kind === 'dot') return e.lhs;
  const u = e.kind === 'map' ? halfOf(e.fn) : undefined;
  return e.kind === 'map' && u?.kind === 'arg' ? e.args[u.index] : undefined;
}

/** u of u·u and u². */
function halfOf(s: Scalar): Scalar | undefined {
  if (s.kind !== 'binary') return undefined;
  if (s.op === 'mul') return scalarKey(s.a) === scalarKey(s.b) ? s.a : undefined;
  return s.op === 'pow' && s.b.kind === 'lit' && s.b.value === 2 ? s.a : undefined;
}
