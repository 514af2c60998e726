import type { KernelDef } from '../../dsl/definition.js';
import type { Fold, MapExpr, TensorExpr } from '../../dsl/expr.js';
import { map } from '../../dsl/ops.js';
import { binary, lit, select, unary, type Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { rebuilder, same } from '../../dsl/walk.js';
import { dedupe } from '../graph/dedupe.js';
import { floatLaws } from '../graph/laws.js';
import { rewriteScalar } from '../graph/rewrite.js';
import { timesLog2E } from './baseTwo.js';
import { tensorSign } from './sign.js';
import { argsOf, known, renumber, tableOf, type Table } from './table.js';

/**
 * Shares of a finished sum of exponentials as one power of 2, where m and l vary along fewer axes than x = scale·y:
 *   l = 0 ? 0 : exp(x − m) / l   →   exp2((scale·log₂e)·y − n),  n = l = 0 ? ∞ : m·log₂e + log₂ l
 * One multiply-add and one power per element, no division, and one number per row instead of two.
 * Right for l > 0 since e^(x−m)/l = 2^(x·log₂e − m·log₂e − log₂ l). For l = 0 the right side is 2^(x·log₂e − ∞) = 0, for
 * every x < ∞; a sum that had an x of ∞ or NaN is NaN itself. Obligation: l ≥ 0, which follows from how its fold adds up
 * (`tensorSign`). The exponent is off by the roundings of x and m, as it was: x is a rounded product already, so a scale
 * there is to join (`timesLog2E`) is asked for. Data as they are keep the exact difference x − m.
 */
export function sharesAsPowers(def: KernelDef): KernelDef {
  const go = rebuilder((e) => (e.kind === 'map' && e.dtype === 'f32' ? powerOf(e) ?? e : e));
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : dedupe({ ...def, results });
}

function powerOf(e: MapExpr): TensorExpr | undefined {
  const table = tableOf();
  const parts = partsOf(table.lift(e.fn, e.args), table);
  if (!parts) return undefined;
  const { x, m, l } = parts;
  const scaled = timesLog2E(x, { table });
  const [whole, base] = [tensorAt(l, table), tensorAt(m, table)];
  if (!scaled || !whole || !base || tensorSign(whole) !== 'positive') return undefined;
  const axes = e.axes.filter((a) => whole.axes.includes(a) || base.axes.includes(a));
  if (axes.length === e.axes.length) return undefined;
  const { span } = e.fn;
  const exponent = rewriteScalar(timesLog2E(finished(m, table), { table }) ?? binary('mul', m, lit(Math.LOG2E, span), span), floatLaws);
  const n = select(binary('eq', l, lit(0, span), span), lit(Number.POSITIVE_INFINITY, span), binary('add', exponent, unary('log2', l, span), span), span);
  const reference = mapOf(n, table, axes, base.span);
  return mapOf(unary('exp2', binary('sub', scaled, table.leaf({ kind: 'tensor', e: reference }), span), span), table, e.axes, e.span);
}

/** x, m and l of a share; undefined where a scalar is none. */
function partsOf(s: Scalar, table: Table): { readonly x: Scalar; readonly m: Scalar; readonly l: Scalar } | undefined {
  if (s.kind !== 'select' || s.cond.kind !== 'binary' || s.cond.op !== 'eq' || !isZero(s.cond.b) || !isZero(s.a)) return undefined;
  const [l, share] = [s.cond.a, opened(s.b, table)];
  if (share.kind !== 'binary' || share.op !== 'div' || table.key(share.b) !== table.key(l)) return undefined;
  const power = opened(share.a, table);
  const difference = power.kind === 'unary' && power.op === 'exp' ? opened(power.a, table) : undefined;
  return difference?.kind === 'binary' && difference.op === 'sub' ? { x: difference.a, m: difference.b, l } : undefined;
}

const isZero = (s: Scalar): boolean => s.kind === 'lit' && s.value === 0;

/** What a scalar reads as a whole, if that is a tensor. */
function tensorAt(s: Scalar, table: Table): TensorExpr | undefined {
  const leaf = s.kind === 'arg' ? table.leafAt(s.index) : undefined;
  return leaf?.kind === 'tensor' ? leaf.e : undefined;
}

/** A map's code in place of the map. */
function opened(s: Scalar, table: Table): Scalar {
  const e = tensorAt(s, table);
  return e?.kind === 'map' ? table.lift(e.fn, e.args) : s;
}

/** What a fold makes of its last states, in place of the fold: a logarithm that it changed the base of changes back for nothing. */
function finished(s: Scalar, table: Table): Scalar {
  const e = tensorAt(s, table);
  if (e?.kind !== 'fold' || e.result.kind !== 'map') return s;
  return table.lift(e.result.fn, e.result.args.map((result): Fold => ({ ...e, result, dtype: result.dtype, axes: result.axes })));
}

/** Scalar code over leaves as a map of what it reads. */
function mapOf(s: Scalar, table: Table, axes: MapExpr['axes'], span: Span): TensorExpr {
  const used = [...new Set(argsOf(s))];
  const args = used.map((i) => known(tensorAt({ kind: 'arg', index: i, span: s.span }, table), `tensor ${i}`));
  return map(renumber(s, (i) => used.indexOf(i)), args, span, axes);
}
