import { isIntegral, type BinaryOp, type Scalar, type UnaryOp } from '../../dsl/scalar.js';

/** Whether an operator's value is rounded, that is, may differ where the same is computed in another way. */
const unaryRounds: Readonly<Record<UnaryOp, boolean>> = {
  neg: false, not: false, abs: false, floor: false, ceil: false, trunc: false,
  sqrt: true, rsqrt: true, exp: true, exp2: true, log: true, log2: true, sin: true, cos: true, tanh: true,
};
const binaryRounds: Readonly<Record<BinaryOp, boolean>> = {
  max: false, min: false, lt: false, le: false, eq: false, and: false, or: false,
  add: true, sub: true, mul: true, div: true, rem: true, pow: true,
};

/** Whether the value of `s` is rounded by its own operator; whole numbers are exact. */
export const isRounded = (s: Scalar, argIsInteger: (index: number) => boolean): boolean =>
  ((s.kind === 'unary' && unaryRounds[s.op]) || (s.kind === 'binary' && binaryRounds[s.op])) && !isIntegral(s, argIsInteger);
