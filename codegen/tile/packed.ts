import { dtypeBytes } from '../../dsl/dtype.js';
import type { Tile, TileKernel, TileStmt } from './ir.js';
import { factorsOf } from './sides.js';
import { mapTiles, readsOf, statements, writes } from './walk.js';

/** Left operands that are computed in registers or brought there, and that nobody but products reads are kept as products want them, in half the registers. */
export function packOperands(k: TileKernel): TileKernel {
  const { frame } = k;
  if (!frame) return k;
  const all = statements(k.body);
  const isLeft = (s: TileStmt, t: Tile): boolean => s.kind === 'mma' && factorsOf(s, frame)?.left === t;
  const isPacked = (t: Tile): boolean => t.layout === 'tile' && dtypeBytes[t.dtype] === 2 && all.some((s) => isLeft(s, t))
    && all.every((s) => (!readsOf(s).includes(t) || isLeft(s, t)) && (!writes(s).includes(t) || s.kind === 'map' || (s.kind === 'copy' && s.src.dtype === t.dtype)));
  const packed = new Map(k.tiles.filter(isPacked).map((t): readonly [Tile, Tile] => [t, { ...t, layout: 'packed' }]));
  if (packed.size === 0) return k;
  const as = (t: Tile): Tile => packed.get(t) ?? t;
  return { ...k, tiles: k.tiles.map(as), body: mapTiles(k.body, as) };
}
