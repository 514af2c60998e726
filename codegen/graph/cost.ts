import type { KernelDef } from '../../dsl/definition.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';
import { scalarCost } from './fusion.js';

/** Work of a kernel when every axis of unknown length has `length` positions; memory counts each parameter and result once. */
export interface Cost { readonly flops: number; readonly bytes: number; readonly length: number; readonly bound: 'compute' | 'memory' }

/** Flops per byte above which arithmetic limits a kernel on the machines we generate for: about 10 on a core, 200 on a GPU; 10 decides. */
const ridge = 10;

export function costOf(def: KernelDef, length = 1024): Cost {
  const size = (a: Axis): number => {
    const rule = def.sizes[a];
    return rule?.kind === 'fixed' ? rule.size : length;
  };
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * size(a), 1);
  const flopsOf = (e: TensorExpr): number => {
    switch (e.kind) {
      case 'dot': return 2 * product([...e.axes, e.over]);
      case 'map': return scalarCost(e.fn) * product(e.axes);
      case 'reduce': return product(e.arg.axes);
      case 'topk': return 4 * product(e.arg.axes);
      case 'input': case 'gather': case 'reaxis': case 'cast': case 'carry': case 'fold': return 0;
      default: return e satisfies never;
    }
  };
  const flops = nodesOf(def.results.map((r) => r.value)).reduce((n, e) => n + flopsOf(e), 0);
  const bytes = [...def.params, ...def.results].reduce((n, p) => n + dtypeBytes[p.dtype] * product(p.order), 0);
  return { flops, bytes, length, bound: flops / Math.max(1, bytes) > ridge ? 'compute' : 'memory' };
}

/** `2.1 Gflop, 12 MB at 1024: compute`. */
export function costText(c: Cost): string {
  const short = (x: number, unit: string): string => {
    const [scale, prefix] = x >= 1e12 ? [1e12, 'T'] : x >= 1e9 ? [1e9, 'G'] : x >= 1e6 ? [1e6, 'M'] : [1e3, 'k'];
    return `${Number((x / Number(scale)).toPrecision(2))} ${prefix}${unit}`;
  };
  return `${short(c.flops, 'flop')}, ${short(c.bytes, 'B')} at ${c.length}: ${c.bound}`;
}
