import type { ReduceOp } from '../../../dsl/expr.js';
import type { TileReduce, Unite } from '../../tile/ir.js';
import { extended, sidesOf } from '../../tile/sides.js';
import { assignment, type Context, eachElement, elementText, extentText } from './spot.js';

const opName: Readonly<Record<ReduceOp, string>> = { sum: 'Sum', max: 'Max', min: 'Min' };

/** Rows or columns of a tile in registers join where they are; of an array, each thread joins whole lines of it. */
export function printReduce(s: TileReduce, c: Context): void {
  const { e } = c;
  const over = extended(s.src).find((a) => a.axis === s.axis);
  const op = opName[s.op];
  if (over && s.src.layout === 'columns' && extended(s.dst).length === 0) {
    const line = `joinLine<${op}>(${e.tile(s.src)}, ${e.reach(over)})`;
    return e.line(assignment(c, s.dst, { index: () => undefined }, s.accumulate ? `${op}::join(${e.tile(s.dst)}, ${line})` : line));
  }
  if (over && s.src.layout === 'tile') {
    const isRow = c.frame?.rows.some((a) => a.axis === s.axis) ?? false;
    const inner = c.frame && !isRow ? sidesOf(s.src, c.frame).columns.slice(1) : [];
    if (inner.length > 0) return e.line(`joinOuterColumns<${op}, ${s.accumulate ? 'accumulate' : 'overwrite'}, ${extentText(e, inner)}>(${e.tile(s.dst)}, ${e.tile(s.src)}, ${e.reach(over)});`);
    return e.line(`join${isRow ? 'Columns' : 'Rows'}<${op}, ${s.apart === true ? 'apart' : s.accumulate ? 'accumulate' : 'overwrite'}>(${e.tile(s.dst)}, ${e.tile(s.src)}, ${e.reach(over)});`);
  }
  eachElement(c, s.dst, (spot) => {
    const index = e.index(s.axis);
    const at = elementText(c, s.src, { index: (axis) => (axis === s.axis ? index : spot.index(axis)) });
    const value = over ? `joined<${op}>(${e.reach(over)}, [&](int ${index}) { return ${at}; })` : at;
    e.line(assignment(c, s.dst, spot, s.accumulate ? `${op}::join(${elementText(c, s.dst, spot)}, ${value})` : value));
  });
}

export const printUnite = (s: Unite, { e }: Context): void => e.line(`unite<${opName[s.op]}>(${e.tile(s.dst)});`);
