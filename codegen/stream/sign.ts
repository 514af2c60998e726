import type { FoldLoop, TensorExpr } from '../../dsl/expr.js';
import type { BinaryOp, Scalar, UnaryOp } from '../../dsl/scalar.js';

/** What is known of a value wherever it is finite. `positive` may reach 0 by underflow or over no elements, never below. */
export type Sign = 'positive' | 'negative' | 'unknown';

/** Sign of scalar code from the signs of its operands. */
export function signOf(s: Scalar, operand: (index: number) => Sign): Sign {
  const go = (x: Scalar): Sign => signOf(x, operand);
  switch (s.kind) {
    case 'lit': return s.value >= 0 ? 'positive' : s.value < 0 ? 'negative' : 'unknown';
    case 'arg': return operand(s.index);
    case 'pos': case 'size': return 'positive';
    case 'unary': return unarySign[s.op](go(s.a));
    case 'binary': return sameValue(s) ? 'positive' : binarySign[s.op](go(s.a), go(s.b));
    case 'select': return go(s.a) === go(s.b) ? go(s.a) : 'unknown';
    default: return s satisfies never;
  }
}

/** x·x is a square. */
const sameValue = (s: Scalar): boolean => s.kind === 'binary' && s.op === 'mul' && s.a.kind === 'arg' && s.b.kind === 'arg' && s.a.index === s.b.index;

const flip: Readonly<Record<Sign, Sign>> = { positive: 'negative', negative: 'positive', unknown: 'unknown' };
const always = (sign: Sign) => (): Sign => sign;
const keeps = (a: Sign): Sign => a;
const product = (a: Sign, b: Sign): Sign => (a === 'unknown' || b === 'unknown' ? 'unknown' : a === b ? 'positive' : 'negative');
const both = (a: Sign, b: Sign): Sign => (a === b ? a : 'unknown');
const either = (sign: Sign) => (a: Sign, b: Sign): Sign => (a === sign || b === sign ? sign : both(a, b));

const unarySign: Readonly<Record<UnaryOp, (a: Sign) => Sign>> = {
  neg: (a) => flip[a],
  not: always('positive'),
  abs: always('positive'),
  sqrt: always('positive'),
  rsqrt: always('positive'),
  exp: always('positive'),
  exp2: always('positive'),
  log: always('unknown'),
  log2: always('unknown'),
  sin: always('unknown'),
  cos: always('unknown'),
  tanh: keeps,
  floor: always('unknown'),
  ceil: always('unknown'),
  trunc: keeps,
};
const binarySign: Readonly<Record<BinaryOp, (a: Sign, b: Sign) => Sign>> = {
  add: both,
  sub: (a, b) => both(a, flip[b]),
  mul: product,
  div: product,
  rem: keeps,
  pow: (a) => (a === 'positive' ? 'positive' : 'unknown'),
  max: either('positive'),
  min: either('negative'),
  lt: always('positive'),
  le: always('positive'),
  eq: always('positive'),
  and: always('positive'),
  or: always('positive'),
};

/** Sign of every element of a tensor; inputs are unknown. `carried`: names of the states around that are positive. */
export function tensorSign(e: TensorExpr, carried: ReadonlySet<string> = new Set()): Sign {
  return signsWith(carried)(e);
}

/** {@link tensorSign} of many tensors; what they share is looked at once. */
function signsWith(carried: ReadonlySet<string>): (e: TensorExpr) => Sign {
  const memo = new Map<TensorExpr, Sign>();
  const go = (e: TensorExpr): Sign => {
    const sign = memo.get(e) ?? ownSign(e, carried, go);
    memo.set(e, sign);
    return sign;
  };
  return go;
}

function ownSign(e: TensorExpr, carried: ReadonlySet<string>, go: (e: TensorExpr) => Sign): Sign {
  switch (e.kind) {
    case 'input': return 'unknown';
    case 'carry': return carried.has(e.name) ? 'positive' : 'unknown';
    case 'map': return signOf(e.fn, (i) => { const a = e.args[i]; return a ? go(a) : 'unknown'; });
    case 'reduce': case 'cast': case 'reaxis': return go(e.arg);
    case 'dot': return e.lhs === e.rhs ? 'positive' : product(go(e.lhs), go(e.rhs));
    case 'gather': return both(go(e.from), e.outside >= 0 ? 'positive' : 'negative');
    case 'topk': return 'positive';
    case 'fold': return tensorSign(e.result, positiveStates(e.loop, carried));
    default: return e satisfies never;
  }
}

/** States that are positive by induction: they start so, and a block that finds them so leaves them so. */
function positiveStates(loop: FoldLoop, around: ReadonlySet<string>): ReadonlySet<string> {
  let states = loop.states.filter((s) => s.monoid !== 'topk' && s.init >= 0);
  for (;;) {
    const names = new Set([...around, ...states.map((s) => s.carry.name)]);
    const sign = signsWith(names);
    const kept = states.filter((s) => sign(s.moved) === 'positive' && sign(s.block) === 'positive');
    if (kept.length === states.length) return names;
    states = kept;
  }
}
