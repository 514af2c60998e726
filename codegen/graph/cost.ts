import type { KernelDef } from '../../dsl/definition.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, Input, TensorExpr } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';
import type { Machine } from '../schedule/machine.js';
import { scalarCost } from './fusion.js';

/** Work of a kernel at assumed lengths; memory counts each parameter and result once. */
export interface Cost { readonly flops: number; readonly bytes: number; readonly lengths: Readonly<Record<Axis, number>>; readonly bound: 'compute' | 'memory' }

/** Flops per byte above which arithmetic limits a kernel on the machines we generate for: about 10 on a core, 200 on a GPU; 10 decides. */
const ridge = 10;

/** What it takes to make some values from memory; `time` in bytes that `on` moves meanwhile. An input is read once for every position along `apart` of it. */
export function workOf(values: readonly TensorExpr[], length: (axis: Axis) => number, apart: (e: Input) => readonly Axis[], on: Machine): { readonly flops: number; readonly bytes: number; readonly time: number } {
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * length(a), 1);
  const nodes = nodesOf(values);
  const total = (of: (e: TensorExpr) => number): number => nodes.reduce((n, e) => n + of(e), 0);
  const bytes = total((e) => (e.kind === 'input' ? dtypeBytes[e.dtype] * product([...e.axes, ...apart(e)]) : 0));
  return { flops: total((e) => flopsOf(e, product)), bytes, time: bytes + total((e) => flopsOf(e, product) / rateOf(e, on)) };
}

const rateOf = (e: TensorExpr, on: Machine): number => (e.kind === 'dot' && [e.lhs, e.rhs].every((x) => dtypeBytes[x.dtype] === 2) ? on.halves : on.whole);

/** Operations of one node; of a walk none, what it walks has its own. */
export function flopsOf(e: TensorExpr, product: (axes: readonly Axis[]) => number): number {
  switch (e.kind) {
    case 'dot': return 2 * product([...e.axes, e.over]);
    case 'map': return scalarCost(e.fn) * product(e.axes);
    case 'reduce': return product(e.arg.axes);
    case 'topk': return 4 * product(e.arg.axes);
    case 'input': case 'gather': case 'reaxis': case 'cast': case 'carry': case 'fold': return 0;
    default: return e satisfies never;
  }
}

/** Bytes that a machine moves in the time that the operations of `def` take, at the lengths of a cost of it. */
export function busyOf(def: KernelDef, { lengths }: Cost, on: Machine): number {
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * lengthOf(def, a, (axis) => lengths[axis] ?? 1), 1);
  return nodesOf(def.results.map((r) => r.value)).reduce((n, e) => n + flopsOf(e, product) / rateOf(e, on), 0);
}

function lengthOf(def: KernelDef, axis: Axis, assume: (axis: Axis) => number): number {
  const rule = def.sizes[axis];
  return rule?.kind === 'fixed' ? rule.size : assume(axis);
}

/** The cost of `def` when axes whose length is not fixed have the lengths that `assume` gives. */
export function costOf(def: KernelDef, assume: (axis: Axis) => number): Cost {
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * lengthOf(def, a, assume), 1);
  const flops = nodesOf(def.results.map((r) => r.value)).reduce((n, e) => n + flopsOf(e, product), 0);
  const bytes = [...def.params, ...def.results].reduce((n, p) => n + dtypeBytes[p.dtype] * product(p.order), 0);
  const lengths = Object.fromEntries(Object.entries(def.sizes).flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [] : [[axis, assume(axis)]])));
  return { flops, bytes, lengths, bound: flops / Math.max(1, bytes) > ridge ? 'compute' : 'memory' };
}

/** `2.1 Gflop, 12 MB, compute bound (q k 1024, g 8)`. */
export function costText(c: Cost): string {
  const at = lengthsText(c);
  return `${shortQuantity(c.flops, 'flop')}, ${shortQuantity(c.bytes, 'B')}, ${c.bound} bound${at === '' ? '' : ` (${at})`}`;
}

/** The lengths that a cost was made at, `q k 1024, g 8`; empty where all are fixed. */
export function lengthsText(c: Cost): string {
  const lengths = [...new Set(Object.values(c.lengths))].sort((a, b) => b - a);
  return lengths.map((n) => `${Object.keys(c.lengths).filter((axis) => c.lengths[axis] === n).join(' ')} ${n}`).join(', ');
}

/** `2.1 Gflop`. */
export function shortQuantity(x: number, unit: string): string {
  const units = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const;
  const [scale, prefix] = units.find(([n]) => x >= n) ?? [1, ''];
  return `${Number((x / scale).toPrecision(2))} ${prefix}${unit}`;
}
