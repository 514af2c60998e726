import type { Axis } from '../../dsl/expr.js';
import { groupRows } from './boxes.js';
import type { Frame, Store, Through, Tile, TileKernel } from './ir.js';
import { isInPanels, panelColumns } from './panels.js';
import { extended } from './sides.js';

/** Panels that stores may have under way at a time, the best first: two at a time in half of a ring need fewer barriers. */
const sizes = [4, 2, 1] as const;

/**
 * Results take a detour through shared memory, from where the copy engine stores them in whole lines while warps go on:
 *   store y <- acc   →   store y <- acc through a ring of panels
 * All variants of a program, the largest ring first; none where no result can. Precondition: `isForWarpgroups`.
 */
export function stagedStores(k: TileKernel): readonly TileKernel[] {
  const { frame } = k;
  const stores = frame ? k.body.filter((s): s is Store => s.kind === 'store' && isInLines(s, k, frame)) : [];
  const [first] = stores;
  const own = stores.filter((s) => s.dst.dtype === first?.dst.dtype);
  if (!first) return [];
  const counts = own.map((s) => panelsOf(s));
  const total = counts.reduce((n, c) => n + c, 0);
  // A ring that every turn of a block leaves where it found it needs no counting.
  return sizes.filter((places) => total % places === 0).map((places) => {
    const half = Math.max(1, places / 2);
    const ring = { lines: linesOf(first), places, step: counts.every((c) => c % half === 0) ? half : 1 };
    const through = (s: Store): Through => ({ ...ring, first: counts.slice(0, own.indexOf(s)).reduce((n, c) => n + c, 0) });
    return { ...k, tiles: [...k.tiles, ring.lines], body: k.body.map((s) => (s.kind === 'store' && own.includes(s) ? { ...s, through: through(s) } : s)) };
  });
}

const columnOf = (t: Tile): { readonly axis: Axis; readonly size: number } => extended(t).at(-1) ?? { axis: '', size: 1 };
const panelsOf = (s: Store): number => columnOf(s.src).size / panelColumns(rounded(s));
/** What is stored, as memory holds it. */
const rounded = (s: Store): Tile => ({ ...s.src, dtype: s.dst.dtype });
const linesOf = (s: Store): Tile => ({ ...rounded(s), name: `${s.src.name}Lines`, layout: 'panels' });

/** Whether a store's rows are whole warpgroups' and its columns whole lines; what launches pass each other has no boxes. */
const isInLines = (s: Store, k: TileKernel, frame: Frame): boolean => s.dst.role === 'result' && frame.rows.every((r) => r.size % groupRows === 0) && isInPanels(rounded(s), s.dst, k, frame);
