import type { DType } from '../../../dsl/dtype.js';
import type { Axis } from '../../../dsl/expr.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import type { Param, Tile, TileAxis } from '../../tile/ir.js';
import type { Placement } from './placement.js';

/** C++ element type in memory. */
export const memoryType: Readonly<Record<DType, string>> = { f32: 'float', f16: 'f16', bf16: 'bf16', i32: 'std::int32_t' };

/** C++ element type in a tile: everything but integers is a float. */
export const tileType = (dtype: DType): 'float' | 'int' => (dtype === 'i32' ? 'int' : 'float');

/** Whether an argument is the number itself. A result without axes is memory for one number. */
export const byValue = (p: Param): boolean => p.role === 'param' && p.order.length === 0;

/** Whether a tile promises rounder numbers than the floats that hold it. */
export const narrow = (dtype: DType): dtype is 'f16' | 'bf16' => dtype === 'f16' || dtype === 'bf16';

/** One element: `s[iq][ik]`. An axis for which `at` has nothing stands at 0. */
export const elementOf = (e: Emission, t: Tile, at: (axis: Axis) => string | undefined = e.index): string =>
  e.tile(t) + dimensions(t).map((a) => `[${at(a.axis) ?? '0'}]`).join('');

/** What stands before the `=` of a tile's element: a number that is made here is also declared here. */
export const definition = (t: Tile, e: Emission, at: Placement): string => (at.numbers.has(t) ? `const ${tileType(t.dtype)} ${e.tile(t)}` : elementOf(e, t));

/** The position on the whole axis of an index in a window: `q0 + iq`; undefined when it is 0. */
export function positionOf(e: Emission, axis: Axis, index: string | undefined): string | undefined {
  const origin = e.origin(axis);
  return origin === undefined || index === undefined ? (index ?? origin) : `${origin} + ${index}`;
}

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
