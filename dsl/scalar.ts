import type { Axis } from './expr.js';
import { nowhere, type Span } from './span.js';

/** Scalar operators of one operand. `not` maps 0 to 1 and everything else to 0. */
export type UnaryOp =
  | 'neg' | 'not' | 'abs' | 'sqrt' | 'rsqrt' | 'exp' | 'exp2' | 'log' | 'log2' | 'sin' | 'cos' | 'tanh' | 'floor' | 'ceil' | 'trunc';
/** Scalar operators of two operands. Comparisons yield 0 or 1; `and` and `or` are those of numbers read as truth values. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'rem' | 'pow' | 'max' | 'min' | 'lt' | 'le' | 'eq' | 'and' | 'or';

interface ScalarNode {
  readonly span: Span;
}
/** A number. */
export interface Lit extends ScalarNode { readonly kind: 'lit'; readonly value: number }
/** The i-th operand of the enclosing map. */
export interface Arg extends ScalarNode { readonly kind: 'arg'; readonly index: number }
/** `pos`: the index along an axis of the map's result. `size`: the length of an axis at launch. */
export interface Place extends ScalarNode { readonly kind: 'pos' | 'size'; readonly axis: Axis }
/** One operand; see {@link unaryMeaning}. */
export interface Unary extends ScalarNode { readonly kind: 'unary'; readonly op: UnaryOp; readonly a: Scalar }
/** Two operands; see {@link binaryMeaning}. */
export interface Binary extends ScalarNode { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: Scalar; readonly b: Scalar }
/** `a` where `cond` is not 0, else `b`. */
export interface Select extends ScalarNode { readonly kind: 'select'; readonly cond: Scalar; readonly a: Scalar; readonly b: Scalar }

/** What happens to one element: an arrow in the source, this tree in the compiler. */
export type Scalar = Lit | Arg | Place | Unary | Binary | Select;

/** A number. */
export const lit = (value: number, span: Span = nowhere): Scalar => ({ kind: 'lit', value, span });
/** Operand `index` of the enclosing map. */
export const arg = (index: number, span: Span = nowhere): Scalar => ({ kind: 'arg', index, span });
/** The position on an axis. */
export const pos = (axis: Axis, span: Span = nowhere): Scalar => ({ kind: 'pos', axis, span });
/** The length of an axis. */
export const size = (axis: Axis, span: Span = nowhere): Scalar => ({ kind: 'size', axis, span });
/** Stands where its operand does unless told. */
export const unary = (op: UnaryOp, a: Scalar, span: Span = a.span): Scalar => ({ kind: 'unary', op, a, span });
/** Stands where its first operand does unless told. */
export const binary = (op: BinaryOp, a: Scalar, b: Scalar, span: Span = a.span): Scalar => ({ kind: 'binary', op, a, b, span });
/** Stands where its condition does unless told. */
export const select = (cond: Scalar, a: Scalar, b: Scalar, span: Span = cond.span): Scalar => ({ kind: 'select', cond, a, b, span });

/** What a scalar op means in float64; JavaScript's own operators, so that calling an arrow and reading it agree bit for bit. */
export const unaryMeaning: Readonly<Record<UnaryOp, (a: number) => number>> = {
  neg: (a) => -a,
  not: (a) => Number(!a),
  abs: Math.abs,
  sqrt: Math.sqrt,
  rsqrt: (a) => 1 / Math.sqrt(a),
  exp: Math.exp,
  exp2: (a) => 2 ** a,
  log: Math.log,
  log2: Math.log2,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
};

/** See {@link unaryMeaning}. */
export const binaryMeaning: Readonly<Record<BinaryOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  rem: (a, b) => a % b,
  pow: (a, b) => a ** b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(a <= b),
  eq: (a, b) => Number(a === b),
  and: (a, b) => Number(Boolean(a) && Boolean(b)),
  or: (a, b) => Number(Boolean(a) || Boolean(b)),
};

/** What a scalar expression reads: operands by index, positions and sizes by axis. */
export interface ScalarEnv {
  readonly args: readonly number[];
  readonly pos: Readonly<Record<Axis, number>>;
  readonly size: Readonly<Record<Axis, number>>;
}

/** The value of `s` in float64. Throws when `env` lacks what `s` reads. */
export function evalScalar(s: Scalar, env: ScalarEnv): number {
  switch (s.kind) {
    case 'lit': return s.value;
    case 'arg': return known(env.args[s.index], `operand ${s.index}`);
    case 'pos': return known(env.pos[s.axis], `the position on '${s.axis}'`);
    case 'size': return known(env.size[s.axis], `the size of '${s.axis}'`);
    case 'unary': return unaryMeaning[s.op](evalScalar(s.a, env));
    case 'binary': return binaryMeaning[s.op](evalScalar(s.a, env), evalScalar(s.b, env));
    case 'select': return evalScalar(s.cond, env) ? evalScalar(s.a, env) : evalScalar(s.b, env);
    default: return s satisfies never;
  }
}

function known(value: number | undefined, what: string): number {
  if (value === undefined) throw new Error(`evalScalar: ${what} is not given`);
  return value;
}

/** Direct operands of `s`, left to right. */
export function scalarChildren(s: Scalar): readonly Scalar[] {
  switch (s.kind) {
    case 'lit': case 'arg': case 'pos': case 'size': return [];
    case 'unary': return [s.a];
    case 'binary': return [s.a, s.b];
    case 'select': return [s.cond, s.a, s.b];
    default: return s satisfies never;
  }
}

/** `s` with `f` applied to its direct operands; the same object when none changed. */
export function mapScalar(s: Scalar, f: (child: Scalar) => Scalar): Scalar {
  switch (s.kind) {
    case 'lit': case 'arg': case 'pos': case 'size': return s;
    case 'unary': {
      const a = f(s.a);
      return a === s.a ? s : { ...s, a };
    }
    case 'binary': {
      const a = f(s.a);
      const b = f(s.b);
      return a === s.a && b === s.b ? s : { ...s, a, b };
    }
    case 'select': {
      const cond = f(s.cond);
      const a = f(s.a);
      const b = f(s.b);
      return cond === s.cond && a === s.a && b === s.b ? s : { ...s, cond, a, b };
    }
    default: return s satisfies never;
  }
}

/** Whether `s` is an i32 expression: every leaf a position, a size, an i32 operand or an integer literal, every operator integral. */
export function isIntegral(s: Scalar, argIsInteger: (index: number) => boolean): boolean {
  const ofAll = (...parts: readonly Scalar[]): boolean => parts.every((p) => isIntegral(p, argIsInteger));
  switch (s.kind) {
    case 'lit': return Number.isInteger(s.value) && Math.abs(s.value) < 2 ** 31 && !Object.is(s.value, -0);
    case 'arg': return argIsInteger(s.index);
    case 'pos': case 'size': return true;
    case 'unary':
      if (s.op === 'floor' && s.a.kind === 'binary' && s.a.op === 'div') return ofAll(s.a.a, s.a.b);
      return (s.op === 'neg' || s.op === 'not' || s.op === 'abs') && ofAll(s.a);
    case 'binary': return s.op !== 'div' && s.op !== 'pow' && ofAll(s.a, s.b);
    case 'select': return ofAll(s.a, s.b);
    default: return s satisfies never;
  }
}
