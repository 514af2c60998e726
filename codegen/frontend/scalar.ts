import { ts } from 'ts-morph';
import { type BinaryOp, lit, type Scalar, type UnaryOp } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { foldBinary, foldUnary } from './constants.js';
import { refusal } from './messages.js';
import { refuseOperator } from './subset.js';
import { describe, type Value } from './values.js';

const K = ts.SyntaxKind;
type Operator = (a: Value, b: Value, span: Span) => Value;

const number = (scalar: Scalar): Value => ({ kind: 'number', scalar });
const boolean = (scalar: Scalar): Value => ({ kind: 'boolean', scalar });

/** Numbers only: JavaScript's `+` on two comparisons is legal, but never meant. */
function numeric(op: string, v: Value, span: Span): Scalar {
  if (v.kind === 'number') return v.scalar;
  if (v.kind === 'boolean') throw refusal('F060', span, [op, 'an operand', describe(v), 'a number: cond ? 1 : 0']);
  throw refusal('F063', span, [op, describe(v)]);
}

/** `&&` on numbers yields an operand in JavaScript, and a number as a condition hides what NaN does: only comparisons decide. */
export function truth(op: string, v: Value, span: Span): Scalar {
  if (v.kind === 'boolean') return v.scalar;
  throw v.kind === 'tensor' ? refusal('F063', span, [op, describe(v)]) : refusal('F062', span, [op, describe(v)]);
}

const arithmetic = (text: string, op: BinaryOp): Operator => (a, b, span) =>
  number(foldBinary(op, numeric(text, a, span), numeric(text, b, span), span));

const comparison = (text: string, op: 'lt' | 'le', swap: boolean): Operator => (a, b, span) => {
  const [x, y] = [numeric(text, a, span), numeric(text, b, span)];
  return boolean(swap ? foldBinary(op, y, x, span) : foldBinary(op, x, y, span));
};

const equality = (text: string, negate: boolean): Operator => (a, b, span) => {
  const equal = equalValues(text, a, b, span);
  return boolean(negate ? foldUnary('not', equal, span) : equal);
};

/** Compile-time strings and missing values compare too: x.dtype === 'f32', outside === undefined. */
function equalValues(text: string, a: Value, b: Value, span: Span): Scalar {
  if (a.kind === 'undefined' || b.kind === 'undefined') return lit(Number(a.kind === b.kind), span);
  if (a.kind === 'string' && b.kind === 'string') return lit(Number(a.text === b.text), span);
  if (a.kind === 'boolean' && b.kind === 'boolean') return foldBinary('eq', a.scalar, b.scalar, span);
  return foldBinary('eq', numeric(text, a, span), numeric(text, b, span), span);
}

const logical = (text: string, op: 'and' | 'or'): Operator => (a, b, span) => boolean(foldBinary(op, truth(text, a, span), truth(text, b, span), span));

const operators: ReadonlyMap<ts.SyntaxKind, Operator> = new Map<ts.SyntaxKind, Operator>([
  [K.PlusToken, arithmetic('+', 'add')],
  [K.MinusToken, arithmetic('-', 'sub')],
  [K.AsteriskToken, arithmetic('*', 'mul')],
  [K.SlashToken, arithmetic('/', 'div')],
  [K.PercentToken, arithmetic('%', 'rem')],
  [K.AsteriskAsteriskToken, arithmetic('**', 'pow')],
  [K.LessThanToken, comparison('<', 'lt', false)],
  [K.LessThanEqualsToken, comparison('<=', 'le', false)],
  [K.GreaterThanToken, comparison('>', 'lt', true)],
  [K.GreaterThanEqualsToken, comparison('>=', 'le', true)],
  [K.EqualsEqualsEqualsToken, equality('===', false)],
  [K.ExclamationEqualsEqualsToken, equality('!==', true)],
  [K.AmpersandAmpersandToken, logical('&&', 'and')],
  [K.BarBarToken, logical('||', 'or')],
]);

/** `a op b` on two values. Throws a CompileError when the operator has no scalar meaning or an operand is no number. */
export function binaryOperator(kind: ts.SyntaxKind, a: Value, b: Value, span: Span): Value {
  const operator = operators.get(kind);
  if (!operator) throw refuseOperator(kind, span);
  return operator(a, b, span);
}

/** `op a`. */
export function unaryOperator(kind: ts.PrefixUnaryOperator, a: Value, span: Span): Value {
  switch (kind) {
    case K.MinusToken: return number(foldUnary('neg', numeric('-', a, span), span));
    case K.PlusToken: return number(numeric('+', a, span));
    case K.ExclamationToken: return boolean(foldUnary('not', truth('!', a, span), span));
    default: throw refuseOperator(kind, span);
  }
}

type Builtin = (args: readonly Value[], span: Span) => Value;

const one = (name: string, op: UnaryOp): readonly [string, Builtin] => [name, ([a], span) => number(foldUnary(op, operand(name, a, span), span))];

/** n-ary: Math.max(a, b, c) = max(max(a, b), c), NaN and −0 included; of one operand itself, of none its start. */
const many = (name: string, op: 'max' | 'min', start: number): readonly [string, Builtin] => [name, (args, span) =>
  number(args.map((a) => operand(name, a, span)).reduce<Scalar | undefined>((rest, a) => (rest ? foldBinary(op, rest, a, span) : a), undefined) ?? lit(start, span))];

const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  one('Math.abs', 'abs'), one('Math.sqrt', 'sqrt'), one('Math.exp', 'exp'), one('Math.log', 'log'), one('Math.log2', 'log2'), one('Math.sin', 'sin'),
  one('Math.cos', 'cos'), one('Math.tanh', 'tanh'), one('Math.floor', 'floor'), one('Math.ceil', 'ceil'), one('Math.trunc', 'trunc'),
  many('Math.max', 'max', -Infinity), many('Math.min', 'min', Infinity),
  ['Math.pow', ([a, b], span) => number(foldBinary('pow', operand('Math.pow', a, span), operand('Math.pow', b, span), span))],
  ['Number', ([a], span) => number(a?.kind === 'boolean' ? a.scalar : operand('Number', a, span))],
  ['Number.isNaN', ([a], span) => {
    const x = operand('Number.isNaN', a, span);
    return boolean(foldUnary('not', foldBinary('eq', x, x, span), span));
  }],
  ['Number.isFinite', ([a], span) => boolean(foldBinary('lt', foldUnary('abs', operand('Number.isFinite', a, span), span), lit(Infinity, span), span))],
]);

function operand(name: string, v: Value | undefined, span: Span): Scalar {
  return numeric(name, v ?? { kind: 'undefined' }, span);
}

/** A call of Math.* or Number.*. Throws when there is no such scalar function. */
export function callBuiltin(name: string, args: readonly Value[], span: Span): Value {
  const builtin = builtins.get(name);
  if (!builtin) throw refusal('F056', span, [name, knownMembers]);
  return builtin(args, span);
}

const knownMembers = 'abs sqrt exp log log2 sin cos tanh floor ceil trunc max min pow';

/** `Math.PI`, `Number.EPSILON`: constants; `Math.exp`: a function as a value. */
export function memberOfGlobal(object: 'Math' | 'Number', member: string, span: Span): Value {
  const name = `${object}.${member}`;
  if (builtins.has(name)) return { kind: 'builtin', name };
  const value: unknown = Reflect.get(object === 'Math' ? Math : Number, member);
  if (typeof value === 'number') return number(lit(value, span));
  throw refusal('F056', span, [name, knownMembers]);
}

/** Global names with a meaning in kernels. */
export function globalValue(name: string, span: Span): Value | undefined {
  switch (name) {
    case 'Math': case 'Number': return { kind: 'global', name };
    case 'Infinity': return number(lit(Infinity, span));
    case 'NaN': return number(lit(NaN, span));
    case 'undefined': return { kind: 'undefined' };
    default: return undefined;
  }
}
