import type { Axis, Reaxis, TopK } from '../../dsl/expr.js';
import { evalScalar } from '../../dsl/scalar.js';
import { offsets, walk, type Extent, type Values } from './evaluateValues.js';

/** Positions of the largest elements along `e.axis`, ascending, ties to the lower index; −1 where the axis is shorter than the count. `x` holds that axis whole. */
export function evalTopK(e: TopK, x: Values, out: readonly Extent[], length: (a: Axis) => number, size: (a: Axis) => number): Values {
  const rows = e.axes.filter((a) => a !== e.as);
  const at = offsets([...rows, e.axis], x.axes, (a) => (a === e.axis ? size(a) : length(a)));
  const count = evalScalar(e.count, { args: [], pos: {}, size: { [e.as]: size(e.as) } });
  const n = size(e.axis);
  const where = e.axes.indexOf(e.as);
  const origin = out[where]?.from ?? 0;
  const chosen = new Map<string, readonly number[]>();
  const data = walk(out, (index) => {
    const row = index.filter((_, i) => i !== where);
    const key = row.join(',');
    const positions = chosen.get(key) ?? largest(n, count, (i) => x.data[at([...row, i])] ?? NaN);
    chosen.set(key, positions);
    return positions[(index[where] ?? 0) + origin] ?? -1;
  });
  return { axes: e.axes, data };
}

function largest(n: number, count: number, at: (i: number) => number): readonly number[] {
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => compareDown(at(a), at(b)) || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}

/** Larger first; NaN after everything. */
function compareDown(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a > b ? -1 : 1;
}

/** The same elements under other axis names. `x` holds the axes that go away whole; `out` is the window wanted of the new ones. */
export function evalReaxis(e: Reaxis, x: Values, out: readonly Extent[], length: (a: Axis) => number): Values {
  const { how } = e;
  const at = offsets(x.axes, x.axes, length);
  return {
    axes: e.axes,
    data: walk(out, (index) => {
      const place = new Map(e.axes.map((a, i) => [a, (index[i] ?? 0) + (isNew(a, e) ? (out[i]?.from ?? 0) : 0)]));
      return x.data[at(x.axes.map((a) => sourceIndex(a, how, place)))] ?? NaN;
    }),
  };
}

function isNew(a: Axis, e: Reaxis): boolean {
  return e.how.kind === 'split' ? a === e.how.outer || a === e.how.inner : a === e.how.to;
}

function sourceIndex(a: Axis, how: Reaxis['how'], place: ReadonlyMap<Axis, number>): number {
  const of = (axis: Axis): number => place.get(axis) ?? 0;
  switch (how.kind) {
    case 'rename': return a === how.from ? of(how.to) : of(a);
    case 'split': return a === how.from ? of(how.outer) * how.size + of(how.inner) : of(a);
    case 'merge': return a === how.outer ? Math.floor(of(how.to) / how.size) : a === how.inner ? of(how.to) % how.size : of(a);
    default: return how satisfies never;
  }
}
