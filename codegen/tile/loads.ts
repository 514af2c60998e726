import type { Load, Tile, TileKernel, TileMap, TileStmt } from './ir.js';
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

/**
 * What warps load themselves, and what is computed from that alone, moves in front of where they wait for what is loaded for them:
 *   receive k; mma s += q·k; load b; map t ← b · c; map s ← s + t   →   load b; map t ← b · c; receive k; mma s += q·k; map s ← s + t
 * Blocks of few rows wait for memory, and so they wait for both at a time. What stands in registers meanwhile has room: such blocks
 * have few warps. Precondition: roles are given.
 */
export function loadsBeforeWaits(k: TileKernel): TileKernel {
  const body = mapBlocks(k.body, (block) => {
    const wait = block.findIndex((s) => s.kind === 'receive');
    if (wait < 0) return block;
    const made = new Set<Tile>();
    const early = block.slice(wait).filter((s) => {
      const isEarly = (s.kind === 'load' || s.kind === 'map') && isOf(s, made, block) && canMove(s, block.slice(wait, block.indexOf(s)).filter((x) => !writes(x).some((t) => made.has(t))));
      if (isEarly) made.add(s.dst);
      return isEarly;
    });
    return early.length === 0 ? block : [...block.slice(0, wait), ...early, ...block.slice(wait).filter((s) => !early.includes(s))];
  });
  return body === k.body ? k : { ...k, body };
}

/** Whether a statement reads what stands before the block began and what was made so early, and nobody else writes its tile there. */
const isOf = (s: TileStmt, made: ReadonlySet<Tile>, block: readonly TileStmt[]): boolean =>
  readsOf(s).every((t) => made.has(t) || !statements(block).some((x) => writes(x).includes(t))) && statements(block).every((x) => x === s || !writes(x).some((t) => writes(s).includes(t)));

/** To registers, and nobody before it has to do with its tile or writes the memory it reads. */
function canMove(made: Load | TileMap, before: readonly TileStmt[]): boolean {
  const { dst } = made;
  if (!['tile', 'rows', 'columns'].includes(dst.layout)) return false;
  return statements(before).every((s) => !readsOf(s).includes(dst) && !writes(s).includes(dst) && !(s.kind === 'store' && made.kind === 'load' && s.dst.name === made.src.name));
}
