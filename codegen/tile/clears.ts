import type { Axis } from '../../dsl/expr.js';
import type { Clear, Loop, Mma, Tile, TileKernel, TileStmt } from './ir.js';
import { statements } from './walk.js';

/**
 * What becomes 0 behind a statement that writes an operand inside some loops. Products of warpgroups sum over whole windows,
 * and 0 times what is no number is none, so both operands must be 0 beyond the axis: the copy engine brings 0 from beyond
 * memory, but where an axis is packed the next part's rows, and what was computed for there may be anything.
 *   receive V; map p <- f; mma o += p·v   →   receive V; clear v; map p <- f; clear p; mma o += p·v
 */
export function clearsOf(k: TileKernel): (written: Tile, loops: readonly Loop[], at: TileStmt) => readonly Clear[] {
  const products = statements(k.body).filter((s): s is Mma => s.kind === 'mma');
  return (dst, loops, { span }) => {
    const over = products.find((p) => p.lhs === dst || p.rhs === dst)?.over;
    const loop = loops.find((l) => l.axis === over);
    if (over === undefined || !loop || isWhole(over, loop, k)) return [];
    // In a padded loop what was computed beyond the axis is what changes nothing: 0.
    return dst.layout === 'packed' ? (loop.padded ? [] : [{ kind: 'clear', dst, axis: over, span }]) : k.sizes[over]?.kind === 'ragged' ? [{ kind: 'clear', dst, axis: over, span }] : [];
  };
}

/** Whether all windows of a loop lie on the axis whole. */
function isWhole(axis: Axis, loop: Loop, { sizes }: TileKernel): boolean {
  const rule = sizes[axis];
  return loop.full || (rule?.kind === 'fixed' && rule.size % loop.step === 0);
}
