import type { Tile, TileKernel, TileStmt } from './ir.js';
import { bodyOf, mapTiles, readsOf, statements, tileElements, writes } from './walk.js';

/** Tiles below this many elements are not worth a shared name. */
const worthwhile = 1024;

/**
 * Computed tiles of one shape that are never alive together become one tile, so that a block stays in the near cache:
 *   mma product …; map s = f(product); map p = g(s)   →   mma s …; map s = f(s); map s = g(s)
 * Precondition: no loop has been copied yet.
 */
export function shareStorage(k: TileKernel): TileKernel {
  const lives = livesOf(k);
  const groups: Tile[][] = [];
  for (const t of [...lives.keys()].sort((a, b) => (lives.get(a)?.from ?? 0) - (lives.get(b)?.from ?? 0))) {
    const free = groups.find((g) => g.every((other) => alike(other, t) && apart(other, t, lives)));
    if (free) free.push(t);
    else groups.push([t]);
  }
  const shared = groups.filter((g) => g.length > 1);
  if (shared.length === 0) return k;
  const now = new Map(shared.flatMap((g) => g.map((t) => [t, nameGiver(g)] as const)));
  const as = (t: Tile): Tile => now.get(t) ?? t;
  return { ...k, tiles: [...new Set(k.tiles.map(as))], body: mapTiles(k.body, as) };
}

/** Positions in program order from the first write to the last use; `inPlace`: operands of the first write when it is element-wise. */
interface Life { readonly from: number; readonly to: number; readonly inPlace: ReadonlySet<Tile> }

/** Lives of the tiles that may share: computed, large, and dead at the start of every turn of a loop that writes them. */
function livesOf(k: TileKernel): ReadonlyMap<Tile, Life> {
  const lives = new Map<Tile, { from: number; to: number; inPlace: ReadonlySet<Tile> }>();
  const excluded = new Set(statements(k.body).flatMap((s) => (s.kind === 'load' || s.kind === 'gather' ? writes(s) : [])));
  let at = 0;
  const touch = (t: Tile, s: TileStmt): void => {
    const life = lives.get(t);
    if (life) life.to = at;
    else lives.set(t, { from: at, to: at, inPlace: new Set(s.kind === 'map' ? s.args : []) });
  };
  const visit = (body: readonly TileStmt[]): void => {
    for (const s of body) {
      at++;
      const start = at;
      for (const t of [...readsOf(s), ...writes(s)]) touch(t, s);
      visit(bodyOf(s));
      at++;
      // A tile that enters a loop alive stays alive through all its turns.
      if (s.kind === 'loop') for (const life of lives.values()) if (life.from < start && life.to >= start) life.to = at;
    }
  };
  visit(k.body);
  return new Map([...lives].filter(([t]) => !excluded.has(t) && tileElements(t) >= worthwhile));
}

const alike = (a: Tile, b: Tile): boolean => a.dtype === b.dtype && a.shape.length === b.shape.length && a.shape.every((x, i) => x.axis === b.shape[i]?.axis && x.size === b.shape[i]?.size);

/** Whether `later` begins behind `earlier`, or where an element-wise map reads the one for the last time and writes the other. */
function apart(earlier: Tile, later: Tile, lives: ReadonlyMap<Tile, Life>): boolean {
  const a = lives.get(earlier);
  const b = lives.get(later);
  return a !== undefined && b !== undefined && (a.to < b.from || (a.to === b.from && b.inPlace.has(earlier)));
}

/** The tile whose name stays: the author's word rather than one of ours. */
function nameGiver(group: readonly Tile[]): Tile {
  const ours = /^(product|value|picked|\w*(Terms|Tile))\d*$/;
  const [first] = group;
  const named = group.find((t) => !ours.test(t.name)) ?? first;
  if (!named) throw new Error('a group of tiles is not empty');
  return named;
}
