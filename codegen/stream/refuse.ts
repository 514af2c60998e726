import { CompileError } from '../../dsl/diagnostic.js';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import type { BinaryOp, Scalar, UnaryOp } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { bare, called, mixture, where, written, type Roles } from './describe.js';

/** Scalar code in its place: the operands of its map, and what the cascade makes of them. */
export interface Place { readonly args: readonly TensorExpr[]; readonly roles: Roles }

const follow = (names: readonly string[]): string => names.join(' and ');
const text = (s: Scalar, p: Place): string => bare(written(s, p.args));
const grouped = (s: Scalar, p: Place): string => written(s, p.args);

/** S103: `op` of something that mixes data and references. */
export function refuseFunction(op: string, of: Scalar, at: Scalar, p: Place): never {
  const { data, follows } = mixture(of, p.args, p.roles);
  const mixes = data.length > 0 ? `${op} mixes ${follow([...data, ...follows])}` : `${op} mixes the data and the references in ${follow(follows)}`;
  const alone = data.length > 0 ? ` ${op.replace(/^the /, 'The ')} of ${follow(data)} alone is fine.` : '';
  const moved = data.length > 0 ? follow(follows) : 'a reference';
  throw new CompileError('S103', `not streamable: ${op} of ${grouped(of, p)}${where(of, p.args, p.roles)}`, at.span, [
    `${mixes}; only exponential polynomials of ${moved} can follow ${moved} when it moves.${alone}`,
  ]);
}

/** S102: a comparison, or an operator that chooses by one. */
export function refuseDecision(op: BinaryOp | UnaryOp | 'select', s: Scalar, p: Place): never {
  const subject = op === 'abs' && s.kind === 'unary' ? `the sign of ${grouped(s.a, p)}`
    : (op === 'max' || op === 'min') && s.kind === 'binary' ? `${op} of two terms, ${text(s.a, p)} and ${text(s.b, p)}`
    : `the comparison ${text(s, p)}`;
  const { data, follows } = mixture(s, p.args, p.roles);
  throw new CompileError('S102', `not streamable: ${subject}${where(s, p.args, p.roles)}`, s.span, [
    `the decision ${data.length > 0 ? `mixes ${follow([...data, ...follows])}` : `depends on ${follow(follows)}`} and cannot be taken back when a reference moves. Return the reduction from one kernel and take it as an input of the next.`,
  ]);
}

/** S104: data times a reference in an exponent. */
export function refuseExponent(exponent: Scalar, at: Scalar, p: Place): never {
  throw new CompileError('S104', `not streamable: data times a reference inside an exponent, ${text(exponent, p)}${where(exponent, p.args, p.roles)}`, at.span, [
    'an exponent may add and subtract references, not multiply data by them. Return the reduction from one kernel and take it as an input of the next.',
  ]);
}

/** S107: rounding to an absolute grid. */
export function refuseRounding(op: string, of: Scalar | TensorExpr, span: Span, p: Place): never {
  const isTensor = 'axes' in of;
  const subject = isTensor ? called(of) : grouped(of, p);
  const because = isTensor ? dependsOn(of, p) : where(of, p.args, p.roles);
  throw new CompileError('S107', `not streamable: ${op} of ${subject}${because}`, span, [
    'rounding depends on the absolute scale, which moves with the reference. Return the reduction from one kernel and round in the next.',
  ]);
}

function dependsOn(e: TensorExpr, p: Place): string {
  const names = p.roles.sources(e).map((r) => r.span.binding ?? r.kind);
  return names.length === 0 ? '' : `, which depends on ${follow(names)}`;
}

/** S105: more states than one pass may carry. */
export function refuseDimension(reduction: TensorExpr, p: number, limit: number): never {
  throw new CompileError('S105', `not streamable: ${called(reduction)} has a closure of dimension ${p}, the limit is ${limit}`, reduction.span, [
    'the dimension counts the different functions of the data that must be summed. Split the expression, or return its references from one kernel and take them as inputs of the next.',
  ]);
}

/** S106: a factor of unknown sign under max, min or top-k. */
export function refuseSign(op: string, factor: string, reduction: TensorExpr): never {
  throw new CompileError('S106', `not streamable: the sign of ${factor} is unknown, and ${op} does not commute with it`, reduction.span, [
    `${op} moves across additions and positive factors only, such as exponentials and sums of them. Return ${factor} from one kernel and take it as an input of the next.`,
  ]);
}

/** S101: the third pass over the same two axes. */
export function refusePass(reduction: TensorExpr, axes: readonly Axis[], second: TensorExpr): never {
  throw new CompileError('S101', `not streamable: references alternate between axes ${axes.join(', ')}: a third pass`, reduction.span, [
    `return ${called(second)} (line ${second.span.line}) from one kernel and take it as an input of the next; then it is data.`,
  ]);
}

/** S103: an operator over another axis that does not let references pass. */
export function refuseOperator(e: TensorExpr, p: Place): never {
  throw new CompileError('S103', `not streamable: ${e.kind === 'reduce' ? `${e.op} over '${e.axis}' of ${called(e.arg)}` : called(e)}${dependsOn(e, p)}`, e.span, [
    'only linear operators let the factors of a reference pass, and only along axes that the reference does not have. Return the reduction from one kernel and take it as an input of the next.',
  ]);
}
