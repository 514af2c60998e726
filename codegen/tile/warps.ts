import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import { isBoxed } from './boxes.js';
import type { Mma, TileKernel } from './ir.js';
import { extended, extentOf, factorsOf, matrixAxes, sidesOf } from './sides.js';
import { statements, writes } from './walk.js';

/** Steps along the sum, the rows and a pair of pieces of columns of a warp's product. */
const step = 16;

/**
 * Whether the copy engine can bring all that a kernel's warps read from shared memory for their products, and nothing else
 * is shared: the thread that loads takes no part in barriers of the block. Precondition: layouts are known, loads are not staged.
 */
export function isForWarps(k: TileKernel): boolean {
  const { frame } = k;
  if (frame?.kind !== 'accumulators' || extentOf(frame.rows) % (step * frame.warps.rows) !== 0) return false;
  const all = statements(k.body);
  const products = all.filter((s): s is Mma => s.kind === 'mma');
  const isProduct = (s: Mma): boolean => {
    const factors = s.dst.layout === 'tile' ? factorsOf(s, frame) : undefined;
    const over = extended(s.lhs).find((a) => a.axis === s.over)?.size ?? 1;
    // What an operand in shared memory holds beyond a packed axis is the next part's, and no 0.
    const isEnded = k.sizes[s.over]?.kind !== 'ragged' || (factors?.left.layout === 'tile' && matrixAxes(factors.right, s.over)?.outer.map((a) => a.axis).join() === s.over);
    return factors !== undefined && isEnded && factors.right.layout === 'operand' && ['operand', 'tile'].includes(factors.left.layout) && dtypeBytes[factors.right.dtype] === 2 && factors.right.dtype !== 'i32'
      && (factors.left.layout !== 'operand' || factors.left.dtype === factors.right.dtype) && over % step === 0 && extentOf(sidesOf(s.dst, frame).columns) % (step * frame.warps.columns) === 0;
  };
  const over = new Map(products.flatMap((s): (readonly [unknown, Axis])[] => [[s.lhs, s.over], [s.rhs, s.over]]));
  return products.length > 0 && products.every(isProduct) && k.tiles.every((t) => {
    if (extended(t).length === 0 || (t.layout !== 'array' && t.layout !== 'operand')) return true;
    const made = all.filter((s) => writes(s).includes(t));
    const [inner] = extended(t).slice(-1);
    return t.layout === 'operand' && made.every((s) => s.kind === 'load' && isBoxed(s, over.get(t) ?? inner?.axis ?? '', k.sizes));
  });
}
