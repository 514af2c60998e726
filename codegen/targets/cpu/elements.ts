import type { Axis } from '../../../dsl/expr.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import type { Tile, TileAxis } from '../../tile/ir.js';
import { tileType } from '../common/elements.js';
import type { Placement } from './placement.js';

/** One element: `s[iq][ik]`. An axis for which `at` has nothing stands at 0. */
export const elementOf = (e: Emission, t: Tile, at: (axis: Axis) => string | undefined = e.index): string =>
  e.tile(t) + dimensions(t).map((a) => `[${at(a.axis) ?? '0'}]`).join('');

/** What stands before the `=` of a tile's element: a number that is made here is also declared here. */
export const definition = (t: Tile, e: Emission, at: Placement): string => (at.numbers.has(t) ? `const ${tileType(t.dtype)} ${e.tile(t)}` : elementOf(e, t));

/** `for` over an axis up to `bound`. */
export const loopHead = (e: Emission, a: TileAxis, bound: string): string => {
  const i = e.index(a.axis);
  return `for (int ${i} = 0; ${i} < ${bound}; ${i}++)`;
};

/** Loops over `axes`, outermost first, each up to what `bound` says; a body of one line stands on the line of its loop. */
export function loops(e: Emission, axes: readonly TileAxis[], bound: (a: TileAxis) => string, body: () => void): void {
  const [first, ...rest] = axes;
  if (first === undefined) return body();
  e.scope(() => loopHead(e, first, bound(first)), [], () => loops(e, rest, bound, body));
}
