import type { Copy, Load, Mma, Tile, TileKernel, TileStmt } from './ir.js';
import { factorsOf } from './sides.js';
import { mapBlocks, mapTiles, readsOf, statements, writes } from './walk.js';

/**
 * A left operand that a loop's products read in every turn goes to registers in front of it, so that products read one
 * operand less from shared memory:
 *   load q; for k { load k; mma s += q·k }   →   load q; copy qHeld <- q; for k { load k; mma s += qHeld·k }
 * Precondition: layouts are known. Whether registers have room is the schedule's to know.
 */
export function holdOperands(k: TileKernel): TileKernel {
  const { frame } = k;
  const { roles } = k.schedule;
  if (!frame || roles === 'uniform' || roles.by !== 'warpgroups' || roles.holds !== true) return k;
  const all = statements(k.body);
  const isLeft = (s: TileStmt, t: Tile): boolean => s.kind === 'mma' && factorsOf(s, frame)?.left === t;
  const inLoops = new Set(all.flatMap((s) => (s.kind === 'loop' ? statements(s.body) : [])));
  const products = all.filter((s): s is Mma => s.kind === 'mma' && inLoops.has(s));
  const stays = (s: TileStmt): s is Load => s.kind === 'load' && s.dst.layout === 'operand' && !inLoops.has(s) && all.filter((x) => writes(x).includes(s.dst)).length === 1
    && products.some((p) => isLeft(p, s.dst)) && all.every((x) => !readsOf(x).includes(s.dst) || isLeft(x, s.dst));
  const held = new Map(all.filter(stays).map((s): readonly [Tile, Tile] => [s.dst, { ...s.dst, name: `${s.dst.name}Held`, layout: 'tile' }]));
  if (held.size === 0) return k;
  const asHeld = mapTiles(k.body, (t) => held.get(t) ?? t);
  const body = mapBlocks(asHeld, (block) => block.flatMap((s): readonly TileStmt[] => {
    const [from, to] = s.kind === 'load' ? [...held].find(([, t]) => t === s.dst) ?? [] : [];
    if (s.kind !== 'load' || !from || !to) return [s];
    const copy: Copy = { kind: 'copy', dst: to, src: from, span: s.span };
    return [{ ...s, dst: from }, copy];
  }));
  return { ...k, body, tiles: k.tiles.flatMap((t) => [t, ...(held.has(t) ? [held.get(t) ?? t] : [])]) };
}
