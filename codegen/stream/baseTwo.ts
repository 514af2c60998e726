import { type Binary, binary, lit, type Scalar, unary } from '../../dsl/scalar.js';
import type { Normalizer } from './frame.js';
import { argsOf, positionsOf, type Table } from './table.js';

type WithTable = Pick<Normalizer, 'table'>;

/**
 * `s`·log₂e with the factor joined to a scale that is there already, so that e^s becomes 2^(s·log₂e), which hardware has,
 * at no cost per element, or at that of one multiplication where other things are added: s = scale·x (+ y), with or without
 * a choice of −∞ around it. `s` is over the table's leaves; maps of data are opened. `undefined`: there is no scale to join.
 */
export function timesLog2E(s: Scalar, n: WithTable): Scalar | undefined {
  switch (s.kind) {
    case 'lit': return Number.isFinite(s.value) ? undefined : s;
    case 'pos': case 'size': return undefined;
    case 'arg': {
      const l = n.table.leafAt(s.index);
      return l.kind === 'tensor' && l.e.kind === 'map' ? timesLog2E(n.table.lift(l.e.fn, l.e.args), n) : undefined;
    }
    case 'unary': {
      const a = s.op === 'neg' ? timesLog2E(s.a, n) : undefined;
      return a && unary('neg', a, s.span);
    }
    case 'binary':
      if (s.op === 'mul' && isFixed(s.a, n.table)) return { ...s, a: scaled(s.a, n) };
      if (s.op === 'mul' && isFixed(s.b, n.table)) return { ...s, b: scaled(s.b, n) };
      if (s.op === 'add' || s.op === 'sub') return sumTimesLog2E(s, n);
      if (s.op === 'div' && s.b.kind === 'lit') return binary('mul', s.a, lit(Math.LOG2E / s.b.value, s.b.span), s.span);
      return s.op === 'mul' ? productTimesLog2E(s, n) : undefined;
    case 'select': {
      const [a, b] = [timesLog2E(s.a, n), timesLog2E(s.b, n)];
      return a && b && (s.a.kind !== 'lit' || s.b.kind !== 'lit') ? { ...s, a, b } : undefined;
    }
    default: return s satisfies never;
  }
}

/** A product of which one factor has a scale to join. */
function productTimesLog2E(s: Binary, n: WithTable): Scalar | undefined {
  const a = timesLog2E(s.a, n);
  const b = a ? undefined : timesLog2E(s.b, n);
  return a ? { ...s, a } : b && { ...s, b };
}

/** A sum with one scale to join: the other summand is multiplied, which costs less per element than e^x does above 2^x. */
function sumTimesLog2E(s: Binary, n: WithTable): Scalar | undefined {
  const [a, b] = [timesLog2E(s.a, n), timesLog2E(s.b, n)];
  return a || b ? { ...s, a: a ?? scaled(s.a, n), b: b ?? scaled(s.b, n) } : undefined;
}

/** `s`·log₂e; of a product, the factor that varies least is multiplied. */
function scaled(s: Scalar, n: WithTable): Scalar {
  if (s.kind === 'lit') return lit(s.value * Math.LOG2E, s.span);
  if (s.kind !== 'binary' || s.op !== 'mul') return binary('mul', s, lit(Math.LOG2E, s.span), s.span);
  return axesOf(s.a, n.table).size <= axesOf(s.b, n.table).size ? { ...s, a: scaled(s.a, n) } : { ...s, b: scaled(s.b, n) };
}

/** A literal or a value without axes: scaled once, not per element. */
const isFixed = (s: Scalar, table: Table): boolean => axesOf(s, table).size === 0;

/** Axes along which a scalar varies; those of an operator are not known, and count as one that nothing else has. */
const axesOf = (s: Scalar, table: Table): ReadonlySet<string> => new Set([...positionsOf(s), ...argsOf(s).flatMap((i) => {
  const l = table.leafAt(i);
  return l.kind === 'tensor' ? l.e.axes : [`operator ${i}`];
})]);
