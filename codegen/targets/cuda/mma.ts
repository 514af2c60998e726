import type { Mma, Tile } from '../../tile/ir.js';
import { extended, factorsOf } from '../../tile/sides.js';
import { assignment, type Context, eachElement, elementText, operandAxes, operandText } from './spot.js';

/** On matrices in a frame, else element by element on arrays. */
export function printMma(s: Mma, c: Context): void {
  const { e } = c;
  const factors = c.frame && s.dst.layout === 'tile' ? factorsOf(s, c.frame) : undefined;
  const over = extended(s.lhs).find((a) => a.axis === s.over) ?? { axis: s.over, size: 1 };
  if (!factors) {
    return eachElement(c, s.dst, (spot) => {
      const index = e.index(s.over);
      const inner = { index: (axis: string) => (axis === s.over ? index : spot.index(axis)) };
      const sum = `joined<Sum>(${e.valid(over)}, [&](int ${index}) { return ${elementText(c, s.lhs, inner)} * ${elementText(c, s.rhs, inner)}; })`;
      e.line(assignment(c, s.dst, spot, s.accumulate ? `${elementText(c, s.dst, spot)} + ${sum}` : sum));
    });
  }
  const { left, right } = factors;
  const update = s.accumulate ? 'accumulate' : 'overwrite';
  const whole = (t: Tile): Tile => (s.beside ? c.wholeOf.get(t)?.tile ?? t : t);
  const rhs = oriented(c, whole(right), (axes) => axes.outer.some((a) => a.axis === s.over));
  if (c.e.kernel.roles?.products.by === 'warpgroups') {
    const lhs = left.layout === 'operand' ? oriented(c, left, (axes) => axes.inner.some((a) => a.axis === s.over)) : e.tile(left);
    return e.line(`beginProduct<${update}>(${e.tile(whole(s.dst))}, ${lhs}, ${rhs});`);
  }
  if (left.layout === 'operand') return e.line(`mma<${update}>(${e.tile(s.dst)}, ${oriented(c, left, (axes) => axes.inner.some((a) => a.axis === s.over))}, ${rhs});`);
  // What lies beyond the axis may be anything, and the sum runs over it.
  if (e.reach(over) !== e.extent(over) || (c.frame && over.size % 16 !== 0)) e.line(`keepColumns(${e.tile(left)}, ${e.reach(over)});`);
  e.line(`mmaRegisters<${update}>(${e.tile(s.dst)}, ${e.tile(left)}, ${rhs});`);
}

function oriented(c: Context, t: Tile, isAsStored: (axes: ReturnType<typeof operandAxes>) => boolean): string {
  const text = operandText(c, t);
  return isAsStored(operandAxes(c, t)) ? text : `transposed(${text})`;
}
