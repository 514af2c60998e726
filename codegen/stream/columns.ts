import type { KernelDef } from '../../dsl/definition.js';
import type { Axis, Fold, TensorExpr } from '../../dsl/expr.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf, reads } from '../../dsl/walk.js';

/**
 * How per-key sums over rows get each row's finished references. The graph is the same for all: a fold over the keys gives
 * the references per row, and a sum over rows reads them.
 *   K  keep the raw scores of the few rows in scratch, finalised with their references
 *   R  a second pass: per key tile stream the rows and their references, without a running max
 *   D  one row: shares per key, finalised when the row's references are known
 */
export type ColumnPlan = 'K' | 'R' | 'D';
export interface Columns {
  /** The axis summed over, and the axis whose sums come out. */
  readonly rows: Axis;
  readonly keys: Axis;
  readonly plan: ColumnPlan;
  readonly because: string;
  readonly span: Span;
}

/** Rows up to which their raw scores cost less to keep (4 bytes per row and key) than to compute again. */
const keptRows = 64;

/** The sums over rows of a streamed kernel whose references vary along the rows, each with its plan. */
export function columnsOf(def: KernelDef): readonly Columns[] {
  const found = new Map<string, Columns>();
  for (const e of nodesOf(def.results.map((r) => r.value))) {
    if (e.kind !== 'reduce' && e.kind !== 'dot') continue;
    const rows = e.kind === 'dot' ? e.over : e.axis;
    const body = e.kind === 'dot' ? [e.lhs, e.rhs] : [e.arg];
    for (const f of body.flatMap((b) => nearFolds(b))) {
      const keys = f.loop.axis;
      if (keys === rows || !f.axes.includes(rows) || !body.some((b) => b.axes.includes(keys))) continue;
      found.set(`${rows} ${keys} ${e.span.line}:${e.span.column}`, { rows, keys, span: e.span, ...planFor(rows, def) });
    }
  }
  return [...found.values()];
}

function planFor(rows: Axis, def: KernelDef): Pick<Columns, 'plan' | 'because'> {
  const rule = def.sizes[rows];
  if (rule?.kind !== 'fixed') return { plan: 'R', because: `the number of rows on '${rows}' is known at launch only: O(N) memory needs a second pass` };
  if (rule.size === 1) return { plan: 'D', because: `one row on '${rows}'` };
  if (rule.size <= keptRows) return { plan: 'K', because: `${rule.size} rows on '${rows}': keeping their scores costs ${4 * rule.size} bytes per key` };
  return { plan: 'R', because: `${rule.size} rows on '${rows}': a second pass is cheaper than ${4 * rule.size} bytes per key` };
}

/** Folds that `e` reads, not those inside other folds. */
function nearFolds(e: TensorExpr): readonly Fold[] {
  return e.kind === 'fold' ? [e] : reads(e).flatMap(nearFolds);
}
