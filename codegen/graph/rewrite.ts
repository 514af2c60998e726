import type { KernelDef } from '../../dsl/definition.js';
import type { TensorExpr } from '../../dsl/expr.js';
import { lit, mapScalar, binaryMeaning, unaryMeaning, type Scalar } from '../../dsl/scalar.js';
import { map } from '../../dsl/ops.js';
import { rebuilder, same } from '../../dsl/walk.js';
import type { Law } from './laws.js';
import { instantiate, match } from './match.js';

/** Laws applied to the scalar code of every map, bottom-up until none applies; literals are computed. Every law must make its side smaller. */
export function rewrite(def: KernelDef, laws: readonly Law[]): KernelDef {
  const go = rebuilder((e: TensorExpr) => {
    if (e.kind !== 'map') return e;
    const fn = rewriteScalar(e.fn, laws);
    if (fn === e.fn) return e;
    // What comes out as whole numbers alone would be i32; the map keeps the dtype that its readers know.
    const made = map(fn, e.args, e.span, e.axes);
    return made.dtype === e.dtype ? made : e;
  });
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : { ...def, results };
}

/** See {@link rewrite}, for one expression. The same object when nothing applies. */
export function rewriteScalar(s: Scalar, laws: readonly Law[]): Scalar {
  const inner = mapScalar(s, (child) => rewriteScalar(child, laws));
  const computed = compute(inner);
  if (computed !== inner) return computed;
  for (const [, left, right] of laws) {
    const binding = match(left, inner);
    if (binding) return rewriteScalar(instantiate(right, binding, inner), laws);
  }
  return inner;
}

/** An operator on literals is its value, as JavaScript computes it. */
function compute(s: Scalar): Scalar {
  if (s.kind === 'unary' && s.a.kind === 'lit') return lit(unaryMeaning[s.op](s.a.value), s.span);
  if (s.kind === 'binary' && s.a.kind === 'lit' && s.b.kind === 'lit') return lit(binaryMeaning[s.op](s.a.value, s.b.value), s.span);
  if (s.kind === 'select' && s.cond.kind === 'lit') return s.cond.value ? s.a : s.b;
  return s;
}
