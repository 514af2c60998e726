import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import type { Copy, Frame, Load, Loop, Tile, TileKernel, TileStmt } from './ir.js';
import { extended } from './sides.js';
import { mapBlocks, readsOf, statements } from './walk.js';

/**
 * What an operand of a product is computed from takes a detour through shared memory, where loads can run ahead:
 *   for k { load x; map y = f(x); mma s += y·w }   →   for k { load xAhead; copy x <- xAhead; map y = f(x); mma s += y·w }
 * Preconditions: layouts are known, loads are not staged yet. `isPossible`: whether shared memory can take what a load brings.
 */
export function detourLoads(k: TileKernel, isPossible: (s: Load) => boolean = () => true): TileKernel {
  const { frame } = k;
  if (k.schedule.stages < 2 || frame?.kind !== 'accumulators') return k;
  const ahead = new Map<Tile, Tile>();
  const body = mapBlocks(k.body, (block) => {
    if (!block.some((s) => s.kind === 'loop' && s.body.some((x) => x.kind === 'load' && isFactor(x, s, frame) && isPossible(x)))) return block;
    return block.map((s): TileStmt => (s.kind === 'loop' ? { ...s, body: s.body.flatMap((x) => (x.kind === 'load' && isFactor(x, s, frame) && isPossible(x) ? detour(x, ahead) : [x])) } : s));
  });
  return ahead.size === 0 ? k : { ...k, body, tiles: k.tiles.flatMap((t) => [...(ahead.has(t) ? [ahead.get(t) ?? t] : []), t]) };
}

/** Whether registers take whole rows of the walked axis from memory for a map that yields an operand of a product over it. Of 8-bit numbers shared memory makes no matrix. */
function isFactor({ dst, src }: Load, loop: Loop, frame: Frame): boolean {
  const axes: readonly Axis[] = extended(dst).map((a) => a.axis);
  const isWhole = dst.layout === 'columns' ? axes.length === 1 : dst.layout === 'tile' && axes.slice(0, -1).join() === frame.rows.map((r) => r.axis).join();
  const isRows = isWhole && axes.at(-1) === loop.axis && src.order.at(-1) === loop.axis && src.dtype === dst.dtype && dtypeBytes[dst.dtype] > 1;
  const inside = statements(loop.body);
  const made = inside.flatMap((s) => (s.kind === 'map' && s.args.includes(dst) ? [s.dst] : []));
  return isRows && inside.some((s) => s.kind === 'mma' && s.over === loop.axis && made.some((t) => readsOf(s).includes(t)));
}

function detour(s: Load, ahead: Map<Tile, Tile>): readonly [Load, Copy] {
  const through: Tile = ahead.get(s.dst) ?? { ...s.dst, name: `${s.dst.name}Ahead`, layout: 'operand' };
  ahead.set(s.dst, through);
  return [{ ...s, dst: through }, { kind: 'copy', dst: s.dst, src: through, span: s.span }];
}
