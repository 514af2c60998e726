import type { KernelDef } from '../../dsl/definition.js';
import type { Fold, FoldLoop } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';

/** The loops of a graph, each once, operands' loops first. */
export function loopsOf(def: KernelDef): readonly FoldLoop[] {
  return [...new Set(nodesOf(def.results.map((r) => r.value)).filter((e): e is Fold => e.kind === 'fold').map((e) => e.loop))];
}
