import { isIntegral, mapScalar, scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Tile, TileKernel, TileMap, TileStmt } from './ir.js';
import { extended } from './sides.js';
import { mapBlocks, readsOf, statements, writes } from './walk.js';

/**
 * Maps of positions, numbers, rows and columns whose elements one map reads, whichever way a block goes, are made where that
 * map reads them; a tile of them would fill registers while products run:
 *   map t <- k ≤ q; mma s <- a·b; map s <- t ? s : −∞   →   mma s <- a·b; map s <- k ≤ q ? s : −∞
 * Programs with products only: others hold nothing all along, and share what they make of columns among many rows.
 * Precondition: frames are chosen.
 */
export function fuseMaps(k: TileKernel): TileKernel {
  if (k.frame?.kind !== 'accumulators') return k;
  const all = statements(k.body);
  for (const s of all) {
    if (s.kind !== 'map' || !isPlain(s)) continue;
    const body = mapBlocks(k.body, (block) => (block.includes(s) ? fusedInto(s, block, all) : undefined) ?? block);
    // What the map reads may be made there as well.
    if (body !== k.body) return fuseMaps({ ...k, body, tiles: k.tiles.filter((t) => t !== s.dst) });
  }
  return k;
}

/** Whether what a map makes fills registers, what it reads does not, and its elements are what its code says without any rounding. */
function isPlain({ dst, fn, args }: TileMap): boolean {
  const own = isIntegral(fn, (i) => args[i]?.dtype === 'i32') ? 'i32' : 'f32';
  return (dst.layout === 'tile' || dst.layout === 'columns') && dst.dtype === own && args.every((t) => extended(t).length === 0 || t.layout === 'rows' || t.layout === 'columns');
}

/** The block with the map's code in its readers; undefined where it has others than maps of its elements, or more than one on a way through the block. */
function fusedInto(map: TileMap, block: readonly TileStmt[], all: readonly TileStmt[]): readonly TileStmt[] | undefined {
  const { dst: made } = map;
  const at = block.indexOf(map);
  const next = block.findIndex((s, i) => i > at && readersIn([s], made).length > 0);
  const reader = block[next];
  const readers = reader ? readersIn([reader], made) : [];
  const isOnlyWritten = all.every((s) => s === map || !writes(s).includes(made));
  if (!reader || !isOnlyWritten || all.filter((s) => readsOf(s).includes(made)).length !== readers.length || readsOnWay([reader], made) !== 1) return undefined;
  if (!readers.every((s) => s.kind === 'map' && meets(made, s.dst))) return undefined;
  const changed = statements(block.slice(at + 1, next + 1)).some((s) => !readers.includes(s) && writes(s).some((t) => map.args.includes(t)));
  return changed ? undefined : block.flatMap((s) => (s === map ? [] : s === reader ? withCode([s], map) : [s]));
}

const readersIn = (body: readonly TileStmt[], t: Tile): readonly TileStmt[] => statements(body).filter((s) => readsOf(s).includes(t));

/** How often statements ask for a tile's elements on the way that asks most; endless in a loop. */
const readsOnWay = (body: readonly TileStmt[], t: Tile): number => body.reduce((n, s) => {
  if (s.kind === 'when') return n + Math.max(readsOnWay(s.body, t), readsOnWay(s.otherwise, t));
  if (s.kind === 'loop') return readersIn(s.body, t).length > 0 ? Number.POSITIVE_INFINITY : n;
  return n + (s.kind === 'map' ? occurrences(s.fn, s.args, t) : Number(readsOf(s).includes(t)));
}, 0);

const occurrences = (s: Scalar, args: readonly Tile[], t: Tile): number =>
  (s.kind === 'arg' && args[s.index] === t ? 1 : 0) + scalarChildren(s).reduce((n, c) => n + occurrences(c, args, t), 0);

/** Whether the elements of a tile are those of another, or stand in each of its rows: two rows of a lane then share what is made. */
const meets = (made: Tile, by: Tile): boolean =>
  by.layout === 'tile' && (made.layout === 'columns' || extended(made).length === extended(by).length) && extended(made).every((a) => extended(by).some((b) => a.axis === b.axis && a.size === b.size));

const withCode = (body: readonly TileStmt[], map: TileMap): readonly TileStmt[] => mapBlocks(body, (block) => block.map((s) => (s.kind === 'map' && s.args.includes(map.dst) ? substituted(s, map) : s)));

function substituted(s: TileMap, { dst, fn, args: own }: TileMap): TileMap {
  const args = [...new Set([...s.args.filter((t) => t !== dst), ...own])];
  const over = (of: readonly Tile[]) => (x: Scalar): Scalar => {
    const t = x.kind === 'arg' ? of[x.index] : undefined;
    if (x.kind !== 'arg' || !t) return mapScalar(x, over(of));
    return t === dst ? over(own)(fn) : { ...x, index: args.indexOf(t) };
  };
  return { ...s, fn: over(s.args)(s.fn), args };
}
