import { dtypeBytes } from '../../dsl/dtype.js';
import { registersOf } from './frames.js';
import type { Frame, Load, Loop, Tile, TileKernel, TileStmt } from './ir.js';
import { mapBlocks, readsOf, statements, writes } from './walk.js';

/** Registers of a thread that products and what waits beside them may take. */
const mostRegisters = 208;

/**
 * Loads to registers behind a loop of nothing but products start in front of it, where registers have room for both:
 *   for k { load a; load b; mma s += a·b }; load t; map s <- s + t   →   load t; for k { … }; map s <- s + t
 * so that memory has answered when the last product ends. Preconditions: `isForWarpgroups`; roles are not given.
 */
export function loadEarly(k: TileKernel): TileKernel {
  const { frame } = k;
  if (!frame) return k;
  const body = mapBlocks(k.body, (block) => {
    const at = block.findIndex(isOfProducts);
    const loop = block[at];
    if (loop?.kind !== 'loop') return block;
    const moved = movable(loop, block.slice(at + 1), frame);
    return moved.length === 0 ? block : [...block.slice(0, at), ...moved, loop, ...block.slice(at + 1).filter((s) => !moved.some((m) => m === s))];
  });
  return body === k.body ? k : { ...k, body };
}

/** Whether a loop's turns load operands and multiply them, and do nothing else. */
const isOfProducts = (s: TileStmt): boolean => s.kind === 'loop' && s.body.some((x) => x.kind === 'mma') && s.body.every((x) => x.kind === 'mma' || (x.kind === 'load' && x.dst.layout === 'operand'));

/** The loads behind a loop that may start in front of it, as long as there are registers. */
function movable(loop: Loop, behind: readonly TileStmt[], frame: Frame): readonly Load[] {
  const takes = (tiles: Iterable<Tile>): number => [...tiles].reduce((n, t) => n + (isInRegisters(t) ? registersOf(t, frame) : 0), 0);
  const loads = behind.filter((s): s is Load => s.kind === 'load' && isInRegisters(s.dst));
  // Narrower numbers are widened where they arrive, which has to be waited for: they stay, and need their room as well.
  const [early, late] = [loads.filter((s) => dtypeBytes[s.src.dtype] >= 4), loads.filter((s) => dtypeBytes[s.src.dtype] < 4)];
  let left = mostRegisters - takes(new Set([...statements(loop.body).flatMap(writes), ...late.map((s) => s.dst)]));
  return early.filter((s) => {
    const between = statements([loop, ...behind.slice(0, behind.indexOf(s))]);
    const isFree = between.every((x) => !readsOf(x).includes(s.dst) && !writes(x).includes(s.dst) && !(x.kind === 'store' && x.dst.name === s.src.name));
    const size = takes([s.dst]);
    if (!isFree || size > left) return false;
    left -= size;
    return true;
  });
}

const isInRegisters = (t: Tile): boolean => t.layout === 'tile' || t.layout === 'rows' || t.layout === 'columns';
