import type { ReduceOp } from '../../../dsl/expr.js';
import { product } from '../../emit/address.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import type { TileReduce } from '../../tile/ir.js';
import { elementOf } from '../cpu/elements.js';
import { each } from './map.js';

const ofRow: Readonly<Record<ReduceOp, string>> = { sum: 'sumOf', max: 'maxOf', min: 'minOf' };
/** Statement that joins `value` into `to`. */
const join: Readonly<Record<ReduceOp, (to: string, value: string) => string>> = {
  sum: (to, value) => `${to} += ${value};`,
  max: (to, value) => `${to} = maximum(${to}, ${value});`,
  min: (to, value) => `${to} = minimum(${to}, ${value});`,
};

/** Each thread joins whole rows along the axis, wherever it stands in the tile. */
export function printReduce(s: TileReduce, e: Emission): void {
  const axes = dimensions(s.src);
  const i = axes.findIndex((a) => a.axis === s.axis);
  const over = axes[i];
  each(e, axes.filter((a) => a.axis !== s.axis), () => {
    const first = elementOf(e, s.src, (axis) => (axis === s.axis ? undefined : e.index(axis)));
    const value = over === undefined ? first : `${ofRow[s.op]}(&${first}, ${product(axes.slice(i + 1).map(e.extent))}, ${e.valid(over)})`;
    e.line(s.accumulate ? join[s.op](elementOf(e, s.dst), value) : `${elementOf(e, s.dst)} = ${value};`);
  });
}
