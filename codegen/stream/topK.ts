import type { TensorExpr, TopK } from '../../dsl/expr.js';
import { topk } from '../../dsl/ops.js';
import type { Cascade } from './cascade.js';
import { classesOf } from './classes.js';
import { normalForm } from './normalForm.js';
import { collapse, factorSign } from './products.js';
import { isUnit } from './parts.js';
import { refuseSign } from './refuse.js';
import { known, tableOf } from './table.js';
import { narrowed } from './narrow.js';
import { called } from './describe.js';

/**
 * Top-k of x·ρ + β is top-k of x, where ρ > 0 and β follow the references of a cascade over the same axis and x is data;
 * top-k of e^x is top-k of x. So the choice needs no reference at all: top-k of shares reads the scores. Throws S106
 * when the sign of ρ is unknown. `undefined`: the order is not that of data alone, and the finished values are compared.
 */
export function withoutReferences(e: TopK, cascade: Cascade): TopK | undefined {
  const table = tableOf();
  const classes = classesOf(cascade.axis, cascade.roles, table);
  const sum = normalForm({ cascade, table, classes, authors: new Set(), shifts: new Map(), references: new Map() })(e.arg);
  const [term, ...more] = sum.filter((t) => !isUnit(t.data));
  if (!term || more.length > 0) return undefined;
  const [factor] = collapse(term.factors, { table });
  if (!factor) return undefined;
  const sign = factorSign(factor, { table });
  if (sign === 'unknown') return refuseSign('topk', [...factor.part.pow.keys()].map((a) => called(sourceOf(a))).join('·'), e);
  const [exponent] = term.data.exp;
  const isExp = term.data.exp.size === 1 && exponent !== undefined && exponent[1] > 0 && term.data.pow.size === 0 && term.data.guards.length === 0;
  if (sign === 'negative' || (term.data.exp.size > 0 && !isExp)) return undefined;
  const scalar = isExp ? table.scalarOf(exponent[0]) : table.partScalar(term.data);
  const tensor = (i: number): TensorExpr => {
    const l = table.leafAt(i);
    if (l.kind !== 'tensor') throw new Error("internal error in stage 'stream': top-k of an operator");
    return l.e;
  };
  return topk(narrowed(scalar, tensor, e.arg.span, e.arg.axes), e.axis, e.count, e.as, e.span);

  function sourceOf(atom: number): TensorExpr {
    const s = table.scalarOf(atom);
    const l = s.kind === 'arg' ? table.leafAt(s.index) : undefined;
    return l?.kind === 'tensor' ? l.e : known(cascade.members[0], 'member');
  }
}
