import type { Load, TileKernel, TileStmt } from './ir.js';
import { mapBlocks, readsOf, statements, writes } from './walk.js';

/**
 * Vectors that meet accumulators one after the other are loaded one after the other, each where it is needed: beside
 * accumulators there is no room for all of them.
 *   load a; load b; map x ← x + a; map y ← y + b   →   load a; map x ← x + a; load b; map y ← y + b
 * Preconditions: layouts are final, roles are not given.
 */
export function loadVectorsLate(k: TileKernel): TileKernel {
  const body = mapBlocks(k.body, (block) => {
    const sunk = block.reduceRight<readonly TileStmt[]>((behind, s) => (isVector(s) ? sinkInto(s, behind) : [s, ...behind]), []);
    return sunk.every((s, i) => s === block[i]) ? block : sunk;
  });
  return body === k.body ? k : { ...k, body };
}

const isVector = (s: TileStmt): s is Load => s.kind === 'load' && (s.dst.layout === 'columns' || s.dst.layout === 'rows');

/** In front of the first statement that has to do with its tile or writes the memory that it reads, and of nothing that waits: loads stay in front of loops. */
function sinkInto(load: Load, behind: readonly TileStmt[]): readonly TileStmt[] {
  const stops = (s: TileStmt): boolean => s.kind === 'loop' || statements([s]).some((x) => readsOf(x).includes(load.dst) || writes(x).includes(load.dst) || (x.kind === 'store' && x.dst.name === load.src.name));
  const at = behind.findIndex(stops);
  return at < 0 ? [load, ...behind] : [...behind.slice(0, at), load, ...behind.slice(at)];
}
