import { arg } from '../../../dsl/scalar.js';
import { scalarText, type Leaves } from '../../emit/scalar.js';
import type { Copy, Fill, Tile, TileMap } from '../../tile/ir.js';
import { extended, isWhole } from '../../tile/sides.js';
import { loadedText } from './loaded.js';
import { assignment, type Context, eachElement, elementText, insideText, operandText, paddingText } from './spot.js';
import { fillText, narrow, positionOf, tileType } from '../common/elements.js';

const inRegisters = (t: Tile): boolean => extended(t).length > 0 && t.layout !== 'array' && t.layout !== 'operand' && t.layout !== 'panels';

/** Element-wise; an array that is made of registers is written by the threads that hold those. */
export function printMap(s: TileMap, c: Context): void {
  const { e } = c;
  const factor = rowFactor(s);
  // Beside products of warpgroups a branch costs more than the factors.
  if (factor && e.kernel.roles?.products.by !== 'warpgroups') return e.line(`scaleRows(${e.tile(s.dst)}, ${e.tile(factor)});`);
  const leader = inRegisters(s.dst) ? s.dst : s.args.find((a) => inRegisters(a) && extended(a).length === extended(s.dst).length) ?? s.dst;
  const panels = s.args.find((a) => a.layout === 'panels');
  const received = panels && { tile: panels, name: e.fresh(`${panels.name}Here`) };
  eachElement(c, leader, (spot) => {
    const leaves: Leaves = {
      arg: (i) => {
        if (received && operand(s, i) === received.tile) return received.name;
        const load = c.readInPlace.get(operand(s, i));
        return load ? `(${loadedText(load, c, spot)})` : elementText(c, operand(s, i), spot);
      },
      argIsInteger: (i) => operand(s, i).dtype === 'i32',
      pos: (axis) => positionOf(e, axis, spot.index(axis)) ?? '0',
      size: e.length,
      isCoarse: c.coarse.has(s),
    };
    const { bindings, text } = scalarText(s.fn, leaves, tileType(s.dst.dtype), e.fresh);
    const guards = s.dst.layout === 'operand' ? insideText(c, s.dst, spot) : leader === s.dst ? [] : [...paddingText(c, leader, spot), ...ownerText(c, leader)];
    bindings.forEach((b) => e.line(`const ${b.type} ${b.name} = ${b.text};`));
    const rounds = narrow(s.dst.dtype) && s.dst.layout !== 'operand' && s.dst.layout !== 'packed' && !c.roundedByReaders.has(s.dst);
    const made = rounds ? `rounded<${s.dst.dtype}>(${text})` : text;
    // Registers may reach beyond a short axis, where an array has no elements to read.
    const inArrays = leader === s.dst && inRegisters(s.dst) && s.args.some((a) => a.layout === 'array' && extended(a).length > 0) ? paddingText(c, s.dst, spot) : [];
    const value = inArrays.length > 0 ? `${inArrays.join(' && ')} ? ${made} : ${s.dst.dtype === 'i32' ? '0' : '0.0f'}` : made;
    // Products sum over what an operand holds beyond an axis.
    const whole = guards.length === 0 || s.dst.layout !== 'operand' ? value : `${guards.join(' && ')} ? ${value} : 0.0f`;
    e.line(leader !== s.dst && guards.length > 0 && s.dst.layout !== 'operand' ? `if (${guards.join(' && ')}) ${assignment(c, s.dst, spot, value)}` : assignment(c, s.dst, spot, whole));
  }, received);
}

/** Of the threads that hold the same element of a vector, the one that writes it. */
const ownerText = (c: Context, t: Tile): readonly string[] => (t.layout === 'rows' || t.layout === 'columns' || (c.frame && isWhole(t, c.frame)) ? [`isOwner<decltype(${c.e.tile(t)})>()`] : []);

/** The row vector of a map that only multiplies a tile's rows in place: `o = o · α`. */
function rowFactor({ dst, fn, args }: TileMap): Tile | undefined {
  if (dst.layout !== 'tile' || dst.dtype !== 'f32' || fn.kind !== 'binary' || fn.op !== 'mul' || fn.a.kind !== 'arg' || fn.b.kind !== 'arg') return undefined;
  const [a, b] = [args[fn.a.index], args[fn.b.index]];
  return a === dst && b?.layout === 'rows' && b.dtype === 'f32' ? b : undefined;
}

function operand(s: TileMap, i: number): Tile {
  const t = s.args[i];
  if (!t) throw new Error(`emit: a map reads operand ${i} of ${s.args.length}`);
  return t;
}

/** A copy between tiles in registers is one assignment, one from a matrix in shared memory reads its pieces, any other is the map that returns its operand. */
export function printCopy(s: Copy, c: Context): void {
  if (inRegisters(s.dst) && s.src.layout === 'operand' && s.dst.dtype === s.src.dtype) return c.e.line(`take(${c.e.tile(s.dst)}, ${operandText(c, s.src)});`);
  if (inRegisters(s.dst) && s.dst.layout === s.src.layout && s.dst.dtype === s.src.dtype) return c.e.line(`${c.e.tile(s.dst)} = ${c.e.tile(s.src)};`);
  printMap({ kind: 'map', dst: s.dst, fn: arg(0, s.span), args: [s.src], span: s.span }, c);
}

export function printFill(s: Fill, c: Context): void {
  const value = fillText(s);
  if (inRegisters(s.dst)) return c.e.line(`fill(${c.e.tile(s.dst)}, ${value});`);
  eachElement(c, s.dst, (spot) => c.e.line(assignment(c, s.dst, spot, value)));
}
