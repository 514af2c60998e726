import { dtypeBytes } from '../../dsl/dtype.js';
import { isInLines, lineBytes } from './boxes.js';
import type { Frame, Load, Tile, TileKernel, TileMap, TileStmt } from './ir.js';
import { extended, sidesOf } from './sides.js';
import { mapTiles, readsOf, statements, writes } from './walk.js';

/**
 * What meets accumulators element by element never stands in registers as a whole, which have no room for it: it is sent
 * like the operands of products, and its one reader takes as many columns as a line holds at a time.
 *   load r; map acc <- acc + r   with r in registers   →   the same with r in panels
 * Preconditions: `isForWarpgroups`; roles are not given.
 */
export function loadInPanels(k: TileKernel): TileKernel {
  const { frame } = k;
  if (!frame) return k;
  const all = statements(k.body);
  const readers = new Set<TileStmt>();
  const panels = new Map(k.body.flatMap((s): readonly (readonly [Tile, Tile])[] => {
    const reader = s.kind === 'load' ? onlyReader(s, k, all, frame) : undefined;
    // A map takes one thing in panels at a time.
    if (!reader || s.kind !== 'load' || readers.has(reader)) return [];
    readers.add(reader);
    return [[s.dst, { ...s.dst, layout: 'panels' }]];
  }));
  if (panels.size === 0) return k;
  const as = (t: Tile): Tile => panels.get(t) ?? t;
  return { ...k, tiles: k.tiles.map(as), body: mapTiles(k.body, as) };
}

/** The map of accumulators behind a load that alone reads what it brings, where that can come in lines; undefined elsewhere. */
function onlyReader(s: Load, k: TileKernel, all: readonly TileStmt[], frame: Frame): TileMap | undefined {
  const [reader, more] = all.filter((x) => readsOf(x).includes(s.dst));
  const own = (t: Tile): string => extended(t).map((a) => a.axis).join();
  const isMeeting = reader?.kind === 'map' && reader.dst !== s.dst && reader.dst.layout === 'tile' && own(reader.dst) === own(s.dst) && k.body.indexOf(reader) > k.body.indexOf(s);
  return isMeeting && !more && all.filter((x) => writes(x).includes(s.dst)).length === 1 && isInPanels(s.dst, s.src, k, frame) ? reader : undefined;
}

/** Whether rows of a tile are one axis of its own, its columns whole lines of the innermost axis of memory, both as memory has them. */
export function isInPanels(t: Tile, src: Load['src'], k: TileKernel, frame: Frame): boolean {
  const [row, more] = frame.rows;
  const { rows, columns } = sidesOf(t, frame);
  const [column, second] = columns;
  if (!row || more || !column || second || rows.length !== 1 || t.layout !== 'tile' || k.sizes[row.axis]?.kind === 'ragged') return false;
  return extended(t).map((a) => a.axis).join() === `${row.axis},${column.axis}` && isInLines({ dst: t, src }, column.axis, k.sizes);
}

/** Columns and bytes of a panel of a matrix in lines, and how many it has. */
export const panelColumns = (t: Tile): number => lineBytes / dtypeBytes[t.dtype];
export const panelBytes = (t: Tile): number => (extended(t)[0]?.size ?? 1) * lineBytes;
