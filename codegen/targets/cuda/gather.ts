import { dimensions, type Emission } from '../../emit/emission.js';
import type { TileGather } from '../../tile/ir.js';
import { elementOf } from '../cpu/elements.js';
import { gathered } from '../cpu/memory.js';
import { each } from './map.js';

/** Element by element at computed positions; the whole tile is dealt out, so elements beyond the axes are left alone. */
export function printGather(s: TileGather, e: Emission): void {
  const axes = dimensions(s.dst);
  const at = e.fresh('at');
  each(e, axes, () => {
    const partial = axes.filter((a) => e.valid(a) !== e.extent(a)).map((a) => `${e.index(a.axis)} >= ${e.valid(a)}`);
    if (partial.length > 0) e.line(`if (${partial.join(' || ')}) return;`);
    e.line(`const int ${at} = ${elementOf(e, s.index)};`);
    e.line(`${elementOf(e, s.dst)} = ${gathered(s, at, e)};`);
  });
}
