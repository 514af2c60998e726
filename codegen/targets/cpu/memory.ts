import type { Axis } from '../../../dsl/expr.js';
import { address, element, product, strideFactors, type Place } from '../../emit/address.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import { floatLiteral } from '../../emit/literal.js';
import { isTile } from '../../tile/walk.js';
import type { Load, Param, Store, Tile, TileGather } from '../../tile/ir.js';
import { definition, elementOf, loopHead, loops } from './elements.js';
import type { Placement } from './placement.js';
import { byValue, memoryType, positionOf, roundsLoaded, tileType } from '../common/elements.js';

/** The window of a parameter that a tile stands for. */
const atOrigins = (e: Emission): Place => e.origin;
const strides = (e: Emission, p: Param, t: Tile): string => `{${dimensions(t).map((a) => product(strideFactors(e, p, a.axis))).join(', ')}}`;
const extents = (e: Emission, t: Tile): string => `{${dimensions(t).map(e.valid).join(', ')}}`;

export function printLoad(s: Load, e: Emission, at: Placement): void {
  const from = address(e, s.src, atOrigins(e));
  if (at.inPlace.has(s.dst)) return e.line(`const float* ${e.tile(s.dst)} = ${from};`);
  if (dimensions(s.dst).length === 0) {
    const value = `${tileType(s.dst.dtype)}(${byValue(s.src) ? e.param(s.src) : element(e, s.src, atOrigins(e))})`;
    return e.line(`${definition(s.dst, e, at)} = ${roundsLoaded(s) ? `rounded<${s.dst.dtype}>(${value})` : value};`);
  }
  e.line(`load(${e.tile(s.dst)}, ${from}, ${strides(e, s.src, s.dst)}, ${extents(e, s.dst)});`);
  if (roundsLoaded(s)) e.line(`roundTile<${s.dst.dtype}>(${e.tile(s.dst)});`);
}

export function printStore(s: Store, e: Emission): void {
  if (dimensions(s.src).length === 0) return e.line(`${element(e, s.dst, atOrigins(e))} = ${memoryType[s.dst.dtype]}(${e.tile(s.src)});`);
  e.line(`store(${address(e, s.dst, atOrigins(e))}, ${strides(e, s.dst, s.src)}, ${e.tile(s.src)}, ${extents(e, s.src)});`);
}

/** Element by element at computed positions; `at` is read as soon as all axes of the index are known. */
export function printGather(s: TileGather, e: Emission): void {
  const axes = dimensions(s.dst);
  const known = new Set(dimensions(s.index).map((a) => a.axis));
  const depth = axes.findLastIndex((a) => known.has(a.axis)) + 1;
  const at = e.fresh('place');
  loops(e, axes.slice(0, Math.min(depth, axes.length - 1)), e.valid, () => {
    const read = `const int ${at} = ${elementOf(e, s.index)};`;
    if (depth < axes.length) e.line(read);
    loops(e, axes.slice(Math.min(depth, axes.length - 1), -1), e.valid, () => {
      const put = `${elementOf(e, s.dst)} = ${gathered(s, at, e)};`;
      const inner = axes.at(-1);
      if (inner === undefined) {
        if (depth >= axes.length) e.line(read);
        e.line(put);
      } else if (depth < axes.length) {
        e.line(`${loopHead(e, inner, e.valid(inner))} ${put}`);
      } else {
        e.scope(() => loopHead(e, inner, e.valid(inner)), [], () => [read, put].forEach(e.line));
      }
    });
  });
}

/** The value at position `at`, or what stands for a position outside. */
export function gathered(s: TileGather, at: string, e: Emission): string {
  const type = tileType(s.dst.dtype);
  const outside = type === 'int' ? String(s.outside) : floatLiteral(s.outside);
  const own = new Set(dimensions(s.dst).map((a) => a.axis));
  if (!isTile(s.src)) {
    const place: Place = (axis: Axis) => (axis === s.axis ? at : positionOf(e, axis, own.has(axis) ? e.index(axis) : undefined));
    const value = `${type}(${element(e, s.src, place)})`;
    return `inside(${at}, ${e.length(s.axis)}) ? ${rounding(s, s.src, value)} : ${outside}`;
  }
  const origin = e.origin(s.axis);
  const window = s.src.shape.find((a) => a.axis === s.axis) ?? { axis: s.axis, size: 1 };
  const index = origin === undefined ? at : `${at} - ${origin}`;
  return `inside(${index}, ${e.valid(window)}) ? ${elementOf(e, s.src, (axis) => (axis === s.axis ? index : e.index(axis)))} : ${outside}`;
}

const rounding = (s: TileGather, src: Param, value: string): string => (roundsLoaded({ dst: s.dst, src }) ? `rounded<${s.dst.dtype}>(${value})` : value);
