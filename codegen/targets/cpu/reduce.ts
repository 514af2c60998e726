import type { ReduceOp } from '../../../dsl/expr.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import type { Fill, TileReduce } from '../../tile/ir.js';
import { elementOf, loops } from './elements.js';
import { innerLoop } from './map.js';
import type { Row } from './rows.js';
import { fillText } from '../common/elements.js';

const ofRow: Readonly<Record<ReduceOp, string>> = { sum: 'sumOf', max: 'maxOf', min: 'minOf' };
const nothing: Readonly<Record<ReduceOp, number>> = { sum: 0, max: -Infinity, min: Infinity };
/** Statement that joins `value` into `to`. */
const join: Readonly<Record<ReduceOp, (to: string, value: string) => string>> = {
  sum: (to, value) => `${to} += ${value};`,
  max: (to, value) => `${to} = maximum(${to}, ${value});`,
  min: (to, value) => `${to} = minimum(${to}, ${value});`,
};

/** Rows become numbers at once where the axis is the innermost; otherwise rows are joined into a row. */
export function printReduce(s: TileReduce, e: Emission, row?: Row): void {
  const axes = dimensions(s.src);
  const inner = axes.at(-1);
  const put = (value: string): string => (s.accumulate ? join[s.op](elementOf(e, s.dst), value) : `${elementOf(e, s.dst)} = ${value};`);
  const others = axes.filter((a) => a.axis !== s.axis);
  const over = axes.find((a) => a.axis === s.axis);
  if (over === undefined) return loops(e, others, e.valid, () => e.line(put(elementOf(e, s.src))));
  if (inner?.axis === s.axis) {
    return loops(e, others.slice(row ? 1 : 0), e.valid, () => e.line(put(`${ofRow[s.op]}(${rowOf(s, e)}, ${e.valid(over)})`)));
  }
  if (!s.accumulate) printFill({ kind: 'fill', dst: s.dst, value: nothing[s.op], span: s.span }, e);
  loops(e, axes.slice(0, -1), e.valid, () => {
    if (inner) innerLoop(e, inner, [join[s.op](elementOf(e, s.dst), elementOf(e, s.src))]);
  });
}

/** The row of `src` along its innermost axis. */
const rowOf = (s: TileReduce, e: Emission): string => elementOf(e, s.src).replace(/\[\w+\]$/, '');

export function printFill(s: Fill, e: Emission): void {
  const value = fillText(s);
  e.line(dimensions(s.dst).length === 0 ? `${e.tile(s.dst)} = ${value};` : `fill(${e.tile(s.dst)}, ${value});`);
}

