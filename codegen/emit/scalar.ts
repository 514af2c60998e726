import type { Axis } from '../../dsl/expr.js';
import type { BinaryOp, Scalar, UnaryOp } from '../../dsl/scalar.js';
import { floatLiteral } from './literal.js';
import { shared, type Shared } from './shared.js';

/** What the leaves of a scalar expression are called in the text, all of them C++ primaries or sums of two (`q0 + iq`). */
export interface Leaves {
  readonly arg: (index: number) => string;
  readonly argIsInteger: (index: number) => boolean;
  readonly pos: (axis: Axis) => string;
  readonly size: (axis: Axis) => string;
  /** Quotients may be off by two units in the last place of f32: the target has a function for those. */
  readonly isCoarse?: boolean;
}
/** What an expression is in C++. A `bool` counts as 0 or 1 where a number is wanted. */
export type CType = 'float' | 'int' | 'bool';
/** A value used more than once: `const type name = text`. */
export interface Binding { readonly name: string; readonly type: CType; readonly text: string; readonly value: Scalar }
/** The text of an expression and what it refers to, in the order of definition. */
export interface ScalarText { readonly bindings: readonly Binding[]; readonly text: string }

/** Precedence of C++ operators as far as we use them; higher binds tighter. */
const precedences = { select: 1, or: 2, and: 3, equal: 4, compare: 5, add: 6, mul: 7, unary: 8, primary: 9 } as const;
type Precedence = (typeof precedences)[keyof typeof precedences];
const P = precedences;
interface Text { readonly text: string; readonly type: CType; readonly precedence: Precedence }

const call = (name: string, type: CType = 'float') => (...args: readonly string[]): Text => ({ text: `${name}(${args.join(', ')})`, type, precedence: P.primary });

/** Text of an op on a float. Names are those of the device header, the same on every target. */
const unaryText: Readonly<Record<Exclude<UnaryOp, 'neg' | 'not'>, (a: string) => Text>> = {
  abs: call('std::fabs'),
  sqrt: call('std::sqrt'),
  rsqrt: (a) => ({ text: `1.0f / std::sqrt(${a})`, type: 'float', precedence: P.mul }),
  exp: call('math::exp'),
  exp2: call('math::exp2'),
  log: call('math::log'),
  log2: call('math::log2'),
  sin: call('math::sin'),
  cos: call('math::cos'),
  tanh: call('math::tanh'),
  floor: call('std::floor'),
  ceil: call('std::ceil'),
  trunc: call('std::trunc'),
};

/** How two operands of one type become text: an infix operator, or a function of the device header. */
type BinaryForm = { readonly infix: string; readonly precedence: Precedence; readonly yields: 'same' | 'bool' } | { readonly call: string };
const binaryForm: Readonly<Record<Exclude<BinaryOp, 'and' | 'or'>, BinaryForm>> = {
  add: { infix: '+', precedence: P.add, yields: 'same' },
  sub: { infix: '-', precedence: P.add, yields: 'same' },
  mul: { infix: '*', precedence: P.mul, yields: 'same' },
  div: { infix: '/', precedence: P.mul, yields: 'same' },
  rem: { call: 'remainderOf' },
  pow: { call: 'math::power' },
  max: { call: 'maximum' },
  min: { call: 'minimum' },
  lt: { infix: '<', precedence: P.compare, yields: 'bool' },
  le: { infix: '<=', precedence: P.compare, yields: 'bool' },
  eq: { infix: '==', precedence: P.equal, yields: 'bool' },
};

/** The text of `s` as a value of type `want`. `fresh` names what is used more than once. */
export function scalarText(s: Scalar, leaves: Leaves, want: CType, fresh: (wanted: string) => string): ScalarText {
  const dag = shared(s, leaves.argIsInteger);
  const bindings: Binding[] = [];
  const done = new Map<number, Text>();
  const printer = (node: Scalar): Text => {
    const id = dag.id(node);
    const known = done.get(id);
    if (known) return known;
    const made = print(node, leaves, dag, printer);
    if (!dag.repeated(id)) return made;
    const name = fresh(node.span.binding ?? 'value');
    bindings.push({ name, type: made.type, text: made.text, value: node });
    const text: Text = { text: name, type: made.type, precedence: P.primary };
    done.set(id, text);
    return text;
  };
  const text = as(want, printer(s)).text;
  return { bindings, text };
}

function print(s: Scalar, leaves: Leaves, dag: Shared, go: (s: Scalar) => Text): Text {
  switch (s.kind) {
    case 'lit': return dag.isInteger(s) ? { text: String(s.value), type: 'int', precedence: s.value < 0 ? P.unary : P.primary } : literal(s.value);
    case 'arg': return { text: leaves.arg(s.index), type: leaves.argIsInteger(s.index) ? 'int' : 'float', precedence: P.primary };
    case 'pos': case 'size': {
      const text = s.kind === 'pos' ? leaves.pos(s.axis) : leaves.size(s.axis);
      return { text, type: 'int', precedence: text.includes(' + ') ? P.add : P.primary };
    }
    case 'unary': return printUnary(s.op, s.a, dag.isInteger(s), go);
    case 'binary': return printBinary(s.op, s.a, s.b, dag, go, leaves.isCoarse === true);
    case 'select': {
      const type = dag.isInteger(s) ? 'int' : 'float';
      const cond = at(P.or, as('bool', go(s.cond)));
      return { text: `${cond} ? ${at(P.or, as(type, go(s.a)))} : ${as(type, go(s.b)).text}`, type, precedence: P.select };
    }
    default: return s satisfies never;
  }
}

function printUnary(op: UnaryOp, a: Scalar, integral: boolean, go: (s: Scalar) => Text): Text {
  if (op === 'not') return { text: `!${at(P.unary, as('bool', go(a)))}`, type: 'bool', precedence: P.unary };
  if (op === 'neg') {
    const operand = at(P.unary, as(integral ? 'int' : 'float', go(a)));
    return { text: operand.startsWith('-') ? `-(${operand})` : `-${operand}`, type: integral ? 'int' : 'float', precedence: P.unary };
  }
  if (integral && op === 'floor' && a.kind === 'binary') return call('floorDivide', 'int')(as('int', go(a.a)).text, as('int', go(a.b)).text);
  if (integral && op === 'abs') return call('std::abs', 'int')(as('int', go(a)).text);
  return unaryText[op](as('float', go(a)).text);
}

function printBinary(op: BinaryOp, a: Scalar, b: Scalar, dag: Shared, go: (s: Scalar) => Text, isCoarse: boolean): Text {
  if (op === 'and' || op === 'or') {
    // Neither operator stands bare inside the other: readers do not remember which binds tighter.
    const side = (s: Scalar): string => at(s.kind === 'binary' && s.op !== op ? P.equal : P[op], as('bool', go(s)));
    return { text: `${side(a)} ${op === 'and' ? '&&' : '||'} ${side(b)}`, type: 'bool', precedence: P[op] };
  }
  const type = op !== 'div' && op !== 'pow' && dag.isInteger(a) && dag.isInteger(b) ? 'int' : 'float';
  const square = op === 'pow' && b.kind === 'lit' && b.value === 2;
  const form: BinaryForm = square ? binaryForm.mul : binaryForm[op];
  const [left, right] = [as(type, go(a)), as(type, go(square ? a : b))];
  if (op === 'div' && isCoarse) return call('quotient')(left.text, right.text);
  if ('call' in form) return call(form.call, type)(left.text, right.text);
  // Floats are added from left to right as written; of integers the order does not matter.
  const associates = op === 'add' && type === 'int';
  return {
    text: `${at(form.precedence, left)} ${form.infix} ${at(associates ? form.precedence : ((form.precedence + 1) as Precedence), right)}`,
    type: form.yields === 'bool' ? 'bool' : type,
    precedence: form.precedence,
  };
}

/** `t` where something of at least this precedence is needed. */
const at = (precedence: Precedence, t: Text): string => (t.precedence >= precedence ? t.text : `(${t.text})`);

function as(want: CType, t: Text): Text {
  if (t.type === want) return t;
  if (want === 'bool') return call('truth', 'bool')(t.text);
  if (want === 'int' && t.type === 'float') return call('toInt', 'int')(t.text);
  // An integer literal is a float literal already.
  if (t.type === 'int' && /^-?\d+$/.test(t.text)) return literal(Number(t.text));
  return call(want, want)(t.text);
}

const literal = (value: number): Text => ({ text: floatLiteral(value), type: 'float', precedence: value < 0 || Object.is(value, -0) ? P.unary : P.primary });
