import type { Load, Tile, TileKernel, TileStmt } from '../../tile/ir.js';
import { readsOf, statements, writes } from '../../tile/walk.js';
import { isDefinedFirst, numbersOf } from '../common/numbers.js';
import { sides } from './mma.js';

/** What the tiles of a launch become: memory read where it lies, numbers defined where they are made, arrays. */
export interface Placement {
  /** Tiles that need no copy of their memory, and what they would be loaded from. */
  readonly inPlace: ReadonlyMap<Tile, Load>;
  /** Single numbers that are written once, before everything that reads them. */
  readonly numbers: ReadonlySet<Tile>;
  readonly arrays: readonly Tile[];
}

export function placement(kernel: TileKernel): Placement {
  const all = statements(kernel.body);
  const tiles = kernel.tiles.filter((t) => all.some((s) => writes(s).includes(t)));
  const inPlace = new Map(tiles.flatMap((t) => {
    const load = stays(t, all);
    return load && isDefinedFirst(t, kernel.body, all) ? [[t, load] as const] : [];
  }));
  const numbers = numbersOf(tiles, kernel.body);
  return { inPlace, numbers, arrays: tiles.filter((t) => !inPlace.has(t) && !numbers.has(t)) };
}

/**
 * A tile of f32 that only `mma` reads, as its columns, stays where it is: the product takes any strides and packs what
 * it passes over more than once. Returns one of its loads.
 */
function stays(tile: Tile, all: readonly TileStmt[]): Load | undefined {
  const loads = all.flatMap((s): readonly Load[] => (writes(s).includes(tile) && s.kind === 'load' ? [s] : []));
  const isOnlyLoaded = loads.length === all.filter((s) => writes(s).includes(tile)).length;
  const isMemory = tile.dtype === 'f32' && loads.every((s) => s.src.role === 'param' && s.src.dtype === 'f32' && s.src.order.length > 0);
  const onlyColumns = all.every((s) => !readsOf(s).includes(tile) || (s.kind === 'mma' && sides(s).columns === tile && sides(s).rows !== tile));
  return isOnlyLoaded && isMemory && onlyColumns ? loads[0] : undefined;
}
