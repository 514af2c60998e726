import type { Load, TileKernel, TileStmt } from './ir.js';
import { mapBlocks, readsOf, statements, writes } from './walk.js';

/**
 * Loads to registers move to the front of their block, so that all of them are under way before the first is waited for:
 *   load m; barrier; map a ← m; load o   →   load o; load m; barrier; map a ← m
 * Element-wise kernels only: products hold their accumulators all along, and have pipes. Precondition: layouts are final.
 */
export function loadsFirst(k: TileKernel): TileKernel {
  if (k.frame?.kind !== 'spread') return k;
  const body = mapBlocks(k.body, (block) => {
    const first = block.filter((s, i): s is Load => s.kind === 'load' && canMove(s, block.slice(0, i)));
    const changed = [...first, ...block.filter((s) => !first.some((f) => f === s))];
    return changed.every((s, i) => s === block[i]) ? block : changed;
  });
  return body === k.body ? k : { ...k, body };
}

/** To registers, and nobody before it has to do with its tile or writes the memory it reads. */
function canMove(load: Load, before: readonly TileStmt[]): boolean {
  const { layout } = load.dst;
  if (layout === 'array' || layout === 'operand') return false;
  return statements(before).every((s) => !readsOf(s).includes(load.dst) && !writes(s).includes(load.dst) && !(s.kind === 'store' && s.dst.name === load.src.name));
}
