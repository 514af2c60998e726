import { dimensions } from '../../emit/emission.js';
import type { Tile, TileStmt } from '../../tile/ir.js';
import { bodyOf, readsOf, statements, writes } from '../../tile/walk.js';

/** Single numbers that are written once, before everything that reads them: they are defined where they are made. */
export function numbersOf(tiles: readonly Tile[], body: readonly TileStmt[]): ReadonlySet<Tile> {
  const all = statements(body);
  return new Set(tiles.filter((t) => dimensions(t).length === 0 && all.some((s) => writes(s).includes(t)) && all.every((s) => !writes(s).includes(t) || makesNumber(s, t)) && isDefinedFirst(t, body, all)));
}

const makesNumber = (s: TileStmt, t: Tile): boolean => (s.kind === 'map' && !s.args.includes(t)) || s.kind === 'load' || s.kind === 'own';

/** Whether everything that reads `tile` stands after its only writer in the same block of statements, or deeper in what follows. */
export const isDefinedFirst = (tile: Tile, body: readonly TileStmt[], all: readonly TileStmt[]): boolean => readersAfter(tile, body) === all.filter((s) => readsOf(s).includes(tile)).length;

function readersAfter(tile: Tile, body: readonly TileStmt[]): number {
  const at = body.findIndex((s) => writes(s).includes(tile));
  if (at < 0) return body.reduce((n, s) => n + readersAfter(tile, bodyOf(s)), 0);
  const rest = statements(body.slice(at + 1));
  return rest.some((s) => writes(s).includes(tile)) ? 0 : rest.filter((s) => readsOf(s).includes(tile)).length;
}
