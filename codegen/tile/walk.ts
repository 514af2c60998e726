import type { Beside, Loop, Mma, Param, Tile, TileStmt } from './ir.js';

/** Tiles a statement itself writes; those of the statements inside it are theirs. */
export function writes(s: TileStmt): readonly Tile[] {
  switch (s.kind) {
    case 'load': case 'gather': case 'copy': case 'fill': case 'map': case 'reduce': case 'unite': case 'clear': case 'own': return [s.dst];
    case 'mma': return productsOf(s).map((p) => p.dst);
    case 'advance': return s.pipe.loads.map((l) => l.dst);
    case 'receive': return s.channel.loads.map((l) => l.dst);
    case 'store': case 'topk': case 'prime': case 'drain': case 'loop': case 'when': case 'barrier': case 'send': case 'release': case 'settle': return [];
    default: return s satisfies never;
  }
}

/** Tiles a statement itself reads; an accumulating one reads what it adds to. */
export function readsOf(s: TileStmt): readonly Tile[] {
  switch (s.kind) {
    case 'load': case 'fill': case 'topk': case 'own': return [];
    case 'gather': return isTile(s.src) ? [s.src, s.index] : [s.index];
    case 'store': case 'copy': return [s.src];
    case 'map': return s.args;
    case 'reduce': return s.accumulate ? [s.src, s.dst] : [s.src];
    case 'unite': case 'clear': return [s.dst];
    case 'mma': return s.accumulate ? [...operandsOf(s), ...writes(s)] : operandsOf(s);
    case 'loop': case 'when': return s.args;
    case 'prime': case 'advance': return s.pipe.args;
    case 'release': return s.channel.loads.map((l) => l.dst);
    case 'drain': case 'barrier': case 'send': case 'receive': case 'settle': return [];
    default: return s satisfies never;
  }
}

/** The products that a statement makes as one, in the order of their columns, and the operands of all of them. */
export const productsOf = (s: Mma): readonly Beside[] => [s, ...(s.beside ?? [])];
export const operandsOf = (s: Mma): readonly Tile[] => [s.lhs, ...productsOf(s).map((p) => p.rhs)];

/** Parameters a statement itself touches. */
export function paramsOf(s: TileStmt): readonly Param[] {
  switch (s.kind) {
    case 'load': return [s.src];
    case 'prime': case 'advance': return s.pipe.loads.map((l) => l.src);
    case 'gather': return isTile(s.src) ? [] : [s.src];
    case 'store': return [s.dst];
    case 'topk': return [s.dst, s.src];
    case 'send': return s.channel.loads.map((l) => l.src);
    case 'copy': case 'fill': case 'map': case 'reduce': case 'unite': case 'mma': case 'drain': case 'loop': case 'when': case 'barrier': case 'own': case 'receive': case 'release': case 'settle': case 'clear': return [];
    default: return s satisfies never;
  }
}

export const isTile = (x: Param | Tile): x is Tile => 'shape' in x;

/** Statements directly inside `s`, in order. */
export function bodyOf(s: TileStmt): readonly TileStmt[] {
  return s.kind === 'loop' ? s.body : s.kind === 'when' ? [...s.body, ...s.otherwise] : [];
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
  if (s.kind === 'loop') return withBody(s, f(s.body));
  if (s.kind !== 'when') return s;
  const [body, otherwise] = [f(s.body), f(s.otherwise)];
  return body === s.body && otherwise === s.otherwise ? s : { ...s, body, otherwise };
}

/** A loop around another body; the same object when the body is. */
export function withBody(s: Loop, body: readonly TileStmt[]): Loop {
  return body === s.body ? s : { ...s, body };
}

/** Number of elements of a tile. */
export const tileElements = (t: Tile): number => t.shape.reduce((n, a) => n * a.size, 1);

/** `body` with every tile replaced by what `as` says. */
export const mapTiles = (body: readonly TileStmt[], as: (t: Tile) => Tile): readonly TileStmt[] => mapBlocks(body, (block) => block.map((s) => withTiles(s, as)));

function withTiles(s: TileStmt, as: (t: Tile) => Tile): TileStmt {
  switch (s.kind) {
    case 'load': case 'fill': case 'unite': case 'clear': case 'own': return { ...s, dst: as(s.dst) };
    case 'gather': return { ...s, dst: as(s.dst), index: as(s.index), src: isTile(s.src) ? as(s.src) : s.src };
    case 'store': return { ...s, src: as(s.src) };
    case 'copy': case 'reduce': return { ...s, dst: as(s.dst), src: as(s.src) };
    case 'map': return { ...s, dst: as(s.dst), args: s.args.map(as) };
    case 'mma': return { ...s, dst: as(s.dst), lhs: as(s.lhs), rhs: as(s.rhs), ...(s.beside && { beside: s.beside.map((p) => ({ dst: as(p.dst), rhs: as(p.rhs) })) }) };
    case 'loop': case 'when': return { ...s, args: s.args.map(as) };
    case 'settle': return { ...s, finished: s.finished.map(as) };
    case 'topk': case 'prime': case 'advance': case 'drain': case 'barrier': case 'send': case 'receive': case 'release': return s;
    default: return s satisfies never;
  }
}
