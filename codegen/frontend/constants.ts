import { type BinaryOp, binary, binaryMeaning, lit, type Scalar, select, type UnaryOp, unary, unaryMeaning } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';

// Constructors that compute at once what is known at compile time, by the very meaning evalScalar has: the value does not change by a bit.

export function foldUnary(op: UnaryOp, a: Scalar, span: Span): Scalar {
  return a.kind === 'lit' ? lit(unaryMeaning[op](a.value), span) : unary(op, a, span);
}

export function foldBinary(op: BinaryOp, a: Scalar, b: Scalar, span: Span): Scalar {
  return a.kind === 'lit' && b.kind === 'lit' ? lit(binaryMeaning[op](a.value, b.value), span) : binary(op, a, b, span);
}

export function foldSelect(cond: Scalar, a: Scalar, b: Scalar, span: Span): Scalar {
  return cond.kind === 'lit' ? (cond.value ? a : b) : select(cond, a, b, span);
}
