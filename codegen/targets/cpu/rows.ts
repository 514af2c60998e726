import { dimensions, type Emission } from '../../emit/emission.js';
import type { Tile, TileAxis, TileStmt } from '../../tile/ir.js';
import { writes } from '../../tile/walk.js';
import { loopHead } from './elements.js';

/** Inside a loop over rows that several statements share: elements that have a name in this row, and those that had one and were written since. */
export interface Row { readonly hoisted: Map<Tile, string>; readonly stale: Set<Tile> }

/**
 * Statements one after the other that each work row by row share one loop over the rows, so that a row is still in the
 * near cache when the next statement reads it. What they write has a row of its own for every turn, so no turn sees another's.
 */
export function rowGroups(body: readonly TileStmt[]): readonly (readonly TileStmt[])[] {
  return body.reduce<readonly (readonly TileStmt[])[]>((groups, s) => {
    const last = groups.at(-1);
    const [first] = last ?? [];
    return last && first && sameRows(first, s) ? [...groups.slice(0, -1), [...last, s]] : [...groups, [s]];
  }, []);
}

function sameRows(a: TileStmt, b: TileStmt): boolean {
  const [x, y] = [rowAxis(a), rowAxis(b)];
  return x !== undefined && y !== undefined && x.axis === y.axis && x.size === y.size;
}

/** The outermost axis of what a statement walks, when it stays within one row at a time. */
function rowAxis(s: TileStmt): TileAxis | undefined {
  if (s.kind === 'map' || s.kind === 'copy') return dimensions(s.dst).length > 1 ? dimensions(s.dst)[0] : undefined;
  if (s.kind !== 'reduce') return undefined;
  const axes = dimensions(s.src);
  const [outer] = axes;
  return axes.length > 1 && axes.at(-1)?.axis === s.axis && dimensions(s.dst).some((a) => a.axis === outer?.axis) ? outer : undefined;
}

/** The loop over the rows of a group of statements, and `each` of them inside. */
export function printRows(group: readonly TileStmt[], e: Emission, each: (s: TileStmt, row: Row) => void): void {
  const axis = group[0] && rowAxis(group[0]);
  if (!axis) throw new Error('emit: a group of rows without rows');
  const row: Row = { hoisted: new Map(), stale: new Set() };
  e.scope(() => loopHead(e, axis, e.valid(axis)), [], () => {
    for (const s of group) {
      each(s, row);
      writes(s).forEach((t) => { if (row.hoisted.delete(t)) row.stale.add(t); });
    }
  });
}
