import type { KernelDef } from '../../dsl/definition.js';
import type { MapExpr, TensorExpr } from '../../dsl/expr.js';
import { map } from '../../dsl/ops.js';
import { binary, mapScalar, scalarChildren, select, unary, type Scalar } from '../../dsl/scalar.js';
import { rebuilder, same } from '../../dsl/walk.js';

/**
 * Takes a mask whose condition joins comparisons of positions with others apart, positions outside:
 *   own[k] == id[q] && k ≤ q ? s : −∞   →   k ≤ q ? (own[k] == id[q] ? s : −∞) : −∞
 * Loops get their bounds from the outer choice (see `splitRegions`), and the inner one remains in whole windows. Conditions
 * have no effects, so their order is free; only a literal is worth writing twice.
 */
export function separateConditions(def: KernelDef): KernelDef {
  const go = rebuilder((e: TensorExpr) => {
    if (e.kind !== 'map') return e;
    const fn = separated(e.fn, e);
    return fn === e.fn ? e : map(fn, e.args, e.span, e.axes);
  });
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : { ...def, results };
}

function separated(s: Scalar, of: MapExpr): Scalar {
  const made = mapScalar(s, (c) => separated(c, of));
  if (made.kind !== 'select') return made;
  const { cond, a, b, span } = made;
  if (b.kind === 'lit') {
    const [bounds, rest] = sides(members(cond, 'and'), 'and', of);
    return bounds && rest ? select(bounds, select(rest, a, b, span), b, span) : made;
  }
  if (a.kind !== 'lit') return made;
  const [bounds, rest] = sides(members(cond, 'or'), 'or', of);
  return bounds && rest ? select(bounds, a, select(rest, a, b, span), span) : made;
}

type Join = 'and' | 'or';
const opposite = { and: 'or', or: 'and' } as const;

/** What `op` joins to `s`, through negations: not (a or b) joins not a, not b by `and`. */
function members(s: Scalar, op: Join): readonly Scalar[] {
  if (s.kind === 'binary' && s.op === op) return [...members(s.a, op), ...members(s.b, op)];
  if (s.kind !== 'unary' || s.op !== 'not') return [s];
  const inner = members(s.a, opposite[op]);
  return inner.length === 1 ? [s] : inner.map((m) => unary('not', m, s.span));
}

/** Members that bound a loop, and the others, each joined again; undefined where there are none. */
function sides(all: readonly Scalar[], op: Join, of: MapExpr): readonly [bounds: Scalar | undefined, rest: Scalar | undefined] {
  const joined = (some: readonly Scalar[]): Scalar | undefined => some.reduce<Scalar | undefined>((l, r) => (l ? binary(op, l, r) : r), undefined);
  return [joined(all.filter((m) => isBound(m, of))), joined(all.filter((m) => !isBound(m, of)))];
}

/** A comparison affine in positions, sizes and whole numbers that hold everywhere, or what `and`, `or` and `not` make of some. */
function isBound(s: Scalar, of: MapExpr): boolean {
  if (s.kind === 'unary') return s.op === 'not' && isBound(s.a, of);
  if (s.kind !== 'binary') return false;
  if (s.op === 'and' || s.op === 'or') return isBound(s.a, of) && isBound(s.b, of);
  return (s.op === 'lt' || s.op === 'le') && isAffine(s.a, of) && isAffine(s.b, of) && readsPosition(s);
}

function isAffine(s: Scalar, of: MapExpr): boolean {
  switch (s.kind) {
    case 'lit': return Number.isInteger(s.value);
    case 'pos': case 'size': return true;
    case 'arg': return of.args[s.index]?.dtype === 'i32' && of.args[s.index]?.axes.length === 0;
    case 'unary': return s.op === 'neg' && isAffine(s.a, of);
    case 'binary': return (s.op === 'add' || s.op === 'sub' || (s.op === 'mul' && (s.a.kind === 'lit' || s.b.kind === 'lit'))) && isAffine(s.a, of) && isAffine(s.b, of);
    case 'select': return false;
    default: return s satisfies never;
  }
}

const readsPosition = (s: Scalar): boolean => s.kind === 'pos' || scalarChildren(s).some(readsPosition);
