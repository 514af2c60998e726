import type { Load, Tile, TileKernel, TileStmt } from '../../tile/ir.js';
import { bodyOf, readsOf, statements, writes } from '../../tile/walk.js';
import { sides } from './mma.js';

/** Tiles that need no copy of their memory: where each is read in place, and from what. */
export type InPlace = ReadonlyMap<Tile, Load>;

/**
 * A tile of f32 that only `mma` reads, as its columns, stays where it is: the product takes any strides and packs what
 * it passes over more than once.
 */
export function inPlace(kernel: TileKernel): InPlace {
  const all = statements(kernel.body);
  const loads = all.filter((s) => s.kind === 'load' || s.kind === 'loadAsync');
  const found = new Map<Tile, Load>();
  for (const tile of new Set(loads.map((s) => s.dst))) {
    const mine = loads.filter((s) => s.dst === tile);
    const [first] = mine;
    if (!first || tile.dtype !== 'f32' || all.some((s) => !mine.includes(s as Load) && writes(s).includes(tile))) continue;
    if (!mine.every((s) => s.src.role === 'param' && s.src.dtype === 'f32' && s.src.order.length > 0)) continue;
    const readers = all.filter((s) => readsOf(s).includes(tile));
    if (!readers.every((s) => s.kind === 'mma' && sides(s).columns === tile && sides(s).rows !== tile)) continue;
    if (seen(kernel.body, tile) === readers.length) found.set(tile, { ...first, kind: 'load' });
  }
  return found;
}

/** How many readers of `tile` lie inside the block of statements of exactly one of its loads, after it. */
function seen(body: readonly TileStmt[], tile: Tile): number {
  const at = body.findIndex((s) => (s.kind === 'load' || s.kind === 'loadAsync') && s.dst === tile);
  if (at < 0) return body.reduce((n, s) => n + seen(bodyOf(s), tile), 0);
  const rest = statements(body.slice(at + 1));
  return rest.some((s) => writes(s).includes(tile)) ? 0 : rest.filter((s) => readsOf(s).includes(tile)).length;
}
