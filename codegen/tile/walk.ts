import type { Loop, Param, Tile, TileStmt, When } from './ir.js';

/** Tiles a statement itself writes; those of the statements inside it are theirs. */
export function writes(s: TileStmt): readonly Tile[] {
  switch (s.kind) {
    case 'load': case 'loadAsync': case 'gather': case 'copy': case 'fill': case 'map': case 'reduce': case 'mma': return [s.dst];
    case 'store': case 'topk': case 'acquire': case 'commit': case 'wait': case 'release': case 'mmaWait': case 'loop': case 'when': case 'barrier': case 'roles': return [];
    default: return s satisfies never;
  }
}

/** Tiles a statement itself reads; an accumulating one reads what it adds to. */
export function readsOf(s: TileStmt): readonly Tile[] {
  switch (s.kind) {
    case 'load': case 'loadAsync': case 'fill': case 'topk': return [];
    case 'gather': return isTile(s.src) ? [s.src, s.index] : [s.index];
    case 'store': case 'copy': return [s.src];
    case 'map': return s.args;
    case 'reduce': return s.accumulate ? [s.src, s.dst] : [s.src];
    case 'mma': return s.accumulate ? [s.lhs, s.rhs, s.dst] : [s.lhs, s.rhs];
    case 'loop': return s.args;
    case 'acquire': case 'commit': case 'wait': case 'release': case 'mmaWait': case 'when': case 'barrier': case 'roles': return [];
    default: return s satisfies never;
  }
}

/** Parameters a statement itself touches. */
export function paramsOf(s: TileStmt): readonly Param[] {
  switch (s.kind) {
    case 'load': case 'loadAsync': return [s.src];
    case 'gather': return isTile(s.src) ? [] : [s.src];
    case 'store': return [s.dst];
    case 'topk': return [s.dst, s.src];
    case 'copy': case 'fill': case 'map': case 'reduce': case 'mma': case 'acquire': case 'commit': case 'wait': case 'release':
    case 'mmaWait': case 'loop': case 'when': case 'barrier': case 'roles': return [];
    default: return s satisfies never;
  }
}

export const isTile = (x: Param | Tile): x is Tile => 'shape' in x;

/** Statements directly inside `s`, in order. */
export function bodyOf(s: TileStmt): readonly TileStmt[] {
  return s.kind === 'loop' || s.kind === 'when' ? s.body : s.kind === 'roles' ? s.roles.flatMap((r) => r.body) : [];
}

/** Every statement of `body`, outer before inner, in program order. */
export function statements(body: readonly TileStmt[]): readonly TileStmt[] {
  return body.flatMap((s) => [s, ...statements(bodyOf(s))]);
}

/**
 * `body` with `f` on every block of statements, innermost first; `f` may drop, add or reorder them. The same array when
 * nothing changed.
 */
export function mapBlocks(body: readonly TileStmt[], f: (block: readonly TileStmt[]) => readonly TileStmt[]): readonly TileStmt[] {
  const inner = body.map((s) => mapInside(s, (b) => mapBlocks(b, f)));
  return f(inner.every((s, i) => s === body[i]) ? body : inner);
}

function mapInside(s: TileStmt, f: (body: readonly TileStmt[]) => readonly TileStmt[]): TileStmt {
  if (s.kind === 'loop' || s.kind === 'when') return withBody(s, f(s.body));
  if (s.kind !== 'roles') return s;
  const roles = s.roles.map((r) => {
    const body = f(r.body);
    return body === r.body ? r : { ...r, body };
  });
  return roles.every((r, i) => r === s.roles[i]) ? s : { ...s, roles };
}

/** A loop or condition around another body; the same object when the body is. */
export function withBody(s: Loop | When, body: readonly TileStmt[]): Loop | When {
  return body === s.body ? s : { ...s, body };
}

/** Number of elements of a tile. */
export const tileElements = (t: Tile): number => t.shape.reduce((n, a) => n * a.size, 1);
