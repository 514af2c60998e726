import { binary, lit, unary, type Scalar } from '../../dsl/scalar.js';
import type { Normalizer } from './frame.js';
import { argsOf, positionsOf, type Table } from './table.js';

type WithTable = Pick<Normalizer, 'table'>;

/**
 * `s`·log₂e with the factor joined to a scale that is there already, so that e^s becomes 2^(s·log₂e), which hardware has,
 * at no cost per element: s = scale·x, with or without a choice of −∞ around it. `s` is over the table's leaves; maps of
 * data are opened. `undefined`: there is no scale to join, and e^s is as cheap.
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
      if (s.op === 'mul' && isFixed(s.a, n.table)) return { ...s, a: scaled(s.a) };
      if (s.op === 'mul' && isFixed(s.b, n.table)) return { ...s, b: scaled(s.b) };
      return s.op === 'div' && s.b.kind === 'lit' ? binary('mul', s.a, lit(Math.LOG2E / s.b.value, s.b.span), s.span) : undefined;
    case 'select': {
      const [a, b] = [timesLog2E(s.a, n), timesLog2E(s.b, n)];
      return a && b && (s.a.kind !== 'lit' || s.b.kind !== 'lit') ? { ...s, a, b } : undefined;
    }
    default: return s satisfies never;
  }
}

const scaled = (s: Scalar): Scalar => (s.kind === 'lit' ? lit(s.value * Math.LOG2E, s.span) : binary('mul', s, lit(Math.LOG2E, s.span), s.span));

/** A literal or a value without axes: scaled once, not per element. */
function isFixed(s: Scalar, table: Table): boolean {
  return positionsOf(s).length === 0 && argsOf(s).every((i) => {
    const l = table.leafAt(i);
    return l.kind === 'tensor' && l.e.axes.length === 0;
  });
}
