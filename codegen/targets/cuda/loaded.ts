import { element } from '../../emit/address.js';
import type { Load, Tile, TileKernel, TileStmt } from '../../tile/ir.js';
import { sidesOf } from '../../tile/sides.js';
import { bodyOf, readsOf, statements, writes } from '../../tile/walk.js';
import { type Context, insideText, onAxesText, type Spot } from './spot.js';
import { roundsLoaded, tileType } from '../common/elements.js';

/** A number of memory as a tile holds it. */
export function converted(s: Pick<Load, 'dst' | 'src'>, text: string): string {
  const value = `${tileType(s.dst.dtype)}(${text})`;
  return roundsLoaded(s) ? `rounded<${s.dst.dtype}>(${value})` : value;
}

/** One element of a loaded tile, 0 beyond the axes. */
export function loadedText(s: Load, c: Context, spot: Spot): string {
  const from = element(c.e, s.src, c.e.origin, spot.index);
  const inside = [...onAxesText(c, s.src), ...insideText(c, s.dst, spot)];
  return converted(s, inside.length === 0 ? from : `readIf(${inside.join(' && ')}, &${from})`);
}

/**
 * Tiles whose elements are read from memory where the one map that needs them runs, instead of standing in registers in
 * between: loaded once, in the block of statements (or the branch of one) of their reader, and not in whole vectors.
 */
export function readInPlace(kernel: TileKernel): ReadonlyMap<Tile, Load> {
  const all = statements(kernel.body);
  const blocks = blocksOf(kernel.body);
  return new Map(all.flatMap((s): (readonly [Tile, Load])[] => {
    if (s.kind !== 'load' || s.dst.layout !== 'tile' || all.filter((x) => writes(x).includes(s.dst)).length !== 1) return [];
    const readers = all.filter((x) => readsOf(x).includes(s.dst));
    const block = blocks.find((b) => b.includes(s)) ?? [];
    const here = block.filter((x) => readers.includes(x) || (x.kind === 'when' && bodyOf(x).some((y) => readers.includes(y))));
    const [column] = kernel.frame ? sidesOf(s.dst, kernel.frame).columns : [];
    const isScattered = column?.axis !== s.src.order.at(-1);
    return isScattered && here.length === 1 && readers.every((r) => r.kind === 'map') ? [[s.dst, s]] : [];
  }));
}

/** Every list of statements that run one after the other, branches apart. */
const blocksOf = (body: readonly TileStmt[]): readonly (readonly TileStmt[])[] => [body, ...body.flatMap((s) => (s.kind === 'loop' ? blocksOf(s.body) : s.kind === 'when' ? [...blocksOf(s.body), ...blocksOf(s.otherwise)] : []))];
