import { arg } from '../../../dsl/scalar.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import { scalarText, type Leaves } from '../../emit/scalar.js';
import type { Copy, Tile, TileAxis, TileMap } from '../../tile/ir.js';
import { elementOf, narrow, positionOf, tileType } from '../cpu/elements.js';

/** `each<BQ, BK>([&](int iq, int ik) { … });`: every element of a tile in one thread; plain lines when there is one element. */
export function each(e: Emission, axes: readonly TileAxis[], body: () => void): void {
  if (axes.length === 0) return body();
  const indexes = axes.map((a) => `int ${e.index(a.axis)}`).join(', ');
  e.scope(() => `each<${axes.map(e.extent).join(', ')}>([&](${indexes})`, [], body, ');');
}

/** Element-wise over the whole tile: what lies beyond the axes may be anything. */
export function printMap(s: TileMap, e: Emission): void {
  const own = new Set(dimensions(s.dst).map((a) => a.axis));
  each(e, dimensions(s.dst), () => {
    const operand = (i: number): Tile => {
      const t = s.args[i];
      if (!t) throw new Error(`emit: a map reads operand ${i} of ${s.args.length}`);
      return t;
    };
    const leaves: Leaves = {
      arg: (i) => elementOf(e, operand(i)),
      argIsInteger: (i) => operand(i).dtype === 'i32',
      pos: (axis) => positionOf(e, axis, own.has(axis) ? e.index(axis) : undefined) ?? '0',
      size: (axis) => e.length(axis),
    };
    const { bindings, text } = scalarText(s.fn, leaves, tileType(s.dst.dtype), e.fresh);
    bindings.forEach((b) => e.line(`const ${b.type} ${b.name} = ${b.text};`));
    e.line(`${elementOf(e, s.dst)} = ${narrow(s.dst.dtype) ? `rounded<${s.dst.dtype}>(${text})` : text};`);
  });
}

/** A copy is the map that returns its operand. */
export const printCopy = (s: Copy, e: Emission): void => printMap({ kind: 'map', dst: s.dst, fn: arg(0, s.span), args: [s.src], span: s.span }, e);
