import { arg, binary, lit, type Scalar } from '../../dsl/scalar.js';
import { partKey, powerOf, timesPart, unit, type Part } from './parts.js';
import { expScalar, scaled, type Table } from './table.js';

/**
 * A summand of a moved basis function, with δ = r − r′ per reference: coef · Π δⁿ · exp(Σ c·δ) times the basis function
 * `part` at the new reference.
 */
export interface Move { readonly coef: number; readonly pow: ReadonlyMap<number, number>; readonly exp: ReadonlyMap<number, number>; readonly part: Part }

/**
 * One row of T: a basis function at reference r′ from basis functions at r. With x − r′ = (x − r) + δ, exponents give
 * e^{cδ} and powers a binomial row.
 */
export function moves(part: Part, table: Table): readonly Move[] {
  const still: Move = { coef: 1, pow: new Map(), exp: new Map(), part: { ...unit, guards: part.guards } };
  let rows: readonly Move[] = [still];
  for (const [atom, c] of part.exp) {
    const a = table.at(atom);
    const kept: Part = { ...unit, exp: new Map([[atom, c]]) };
    rows = rows.map((m) => ({ ...m, part: timesPart(m.part, kept), exp: a.kind === 'shifted' ? added(m.exp, a.reference, c) : m.exp }));
  }
  for (const [atom, n] of part.pow) {
    const a = table.at(atom);
    const inner = table.innerOf(atom);
    rows = rows.flatMap((m): readonly Move[] => {
      if (a.kind === 'shifted') return Array.from({ length: n + 1 }, (_, j): Move => ({
        coef: m.coef * binomial(n, j), exp: m.exp, pow: n === j ? m.pow : added(m.pow, a.reference, n - j), part: j === 0 ? m.part : timesPart(m.part, powerOf(atom, j)),
      }));
      if (inner) return moves(inner, table).map((i) => through(m, i, atom, n, table));
      return [{ ...m, part: timesPart(m.part, powerOf(atom, n)) }];
    });
  }
  return rows;
}

/** An operator pushed onto data is linear: it moves as the data does. */
function through(m: Move, inner: Move, atom: number, n: number, table: Table): Move {
  const a = table.at(atom);
  const l = a.kind === 'data' && a.scalar.kind === 'arg' ? table.leafAt(a.scalar.index) : undefined;
  if (l?.kind !== 'pushed' || n !== 1) throw new Error(`internal error in stage 'stream': a power of a sum cannot move`);
  const kept = partKey(inner.part) === partKey(l.inner) ? atom : table.atom({ kind: 'data', scalar: table.leaf({ kind: 'pushed', e: l.e, inner: inner.part }) });
  return {
    coef: m.coef * inner.coef,
    pow: [...inner.pow].reduce((p, [r, k]) => added(p, r, k), m.pow),
    exp: [...inner.exp].reduce((p, [r, k]) => added(p, r, k), m.exp),
    part: timesPart(m.part, powerOf(kept)),
  };
}

/** The moves of lhs·rhs. */
export const productMoves = (a: readonly Move[], b: readonly Move[]): readonly (Move & { readonly other: Part })[] => a.flatMap((x) => b.map((y) => ({
  coef: x.coef * y.coef,
  pow: [...y.pow].reduce((p, [r, k]) => added(p, r, k), x.pow),
  exp: [...y.exp].reduce((p, [r, k]) => added(p, r, k), x.exp),
  part: x.part,
  other: y.part,
})));

const added = (m: ReadonlyMap<number, number>, key: number, n: number): ReadonlyMap<number, number> => new Map([...m, [key, (m.get(key) ?? 0) + n]]);
const binomial = (n: number, k: number): number => (k === 0 || k === n ? 1 : binomial(n - 1, k - 1) + binomial(n - 1, k));

/** An entry of T as scalar code; `before` and `after` say which operand a reference is at its old and new value. */
export function entryScalar(m: Pick<Move, 'coef' | 'pow' | 'exp'>, before: (reference: number) => number, after: (reference: number) => number): Scalar {
  const delta = (r: number): Scalar => binary('sub', arg(before(r)), arg(after(r)));
  const factors: Scalar[] = [];
  if (m.exp.size > 0) factors.push(expScalar(m.exp, delta));
  for (const [r, n] of m.pow) for (let i = 0; i < n; i++) factors.push(delta(r));
  const [first, ...rest] = factors;
  return first ? scaled(rest.reduce((p, x) => binary('mul', p, x), first), m.coef) : lit(m.coef);
}
