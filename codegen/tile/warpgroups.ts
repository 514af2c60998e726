import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import type { Scalar } from '../../dsl/scalar.js';
import { scalarKey } from '../graph/keys.js';
import { affineOf, scaled, sum } from './affine.js';
import { isBoxed, isInLines } from './boxes.js';
import type { Load, Mma, Tile, TileKernel, TileMap } from './ir.js';
import { extended, extentOf, type Factors, factorsOf, matrixAxes, sidesOf } from './sides.js';
import { readsOf, statements, writes } from './walk.js';

/** Steps along the columns of a warpgroup's product and along its sum. */
const step = 16;

/**
 * Whether warpgroups can make all products of a kernel, and the copy engine bring all that they read from shared memory:
 * the frame gives every warp whole rows of its warpgroup's 64, operands come in boxes, and nothing else is shared.
 * Precondition: layouts are known, loads are not staged.
 */
export function isForWarpgroups(k: TileKernel): boolean {
  const { frame } = k;
  const all = statements(k.body);
  const products = all.filter((s): s is Mma => s.kind === 'mma');
  if (frame?.kind !== 'accumulators' || frame.warps.columns !== 1 || frame.warps.rows % 4 !== 0 || extentOf(frame.rows) !== 16 * frame.warps.rows || products.length === 0) return false;
  const isProduct = (s: Mma): boolean => {
    const factors = s.dst.layout === 'tile' ? factorsOf(s, frame) : undefined;
    const over = extended(s.lhs).find((a) => a.axis === s.over)?.size ?? 1;
    return factors !== undefined && isClearable(s, factors, k) && factors.right.layout === 'operand' && ['operand', 'packed'].includes(factors.left.layout) && dtypeBytes[factors.right.dtype] === 2
      && factors.right.dtype !== 'i32' && (factors.left.layout !== 'operand' || factors.left.dtype === factors.right.dtype) && over % step === 0 && extentOf(sidesOf(s.dst, frame).columns) % step === 0;
  };
  const over = new Map(products.flatMap((s): (readonly [unknown, Axis])[] => [[s.lhs, s.over], [s.rhs, s.over]]));
  return products.every(isProduct) && k.tiles.every((t) => {
    if (extended(t).length === 0) return true;
    if (t.layout === 'array') return false;
    if (t.layout !== 'operand') return true;
    const made = all.filter((s) => writes(s).includes(t));
    const [inner] = extended(t).slice(-1);
    const sum = over.get(t);
    // Products read 16-bit numbers; what operands are made of may be wider.
    const isBrought = (s: Load): boolean => (sum === undefined ? isInLines(s, inner?.axis ?? '', k.sizes) : isBoxed(s, sum, k.sizes));
    return made.every((s) => s.kind === 'load' && isBrought(s)) && all.some((s) => readsOf(s).includes(t));
  });
}

/** Whether what a product's operands hold beyond its axis can become 0: where the axis is packed in memory, rows of the right one, and the left one stands in registers. */
function isClearable(s: Mma, { left, right }: Factors, { sizes }: TileKernel): boolean {
  if (sizes[s.over]?.kind !== 'ragged') return true;
  return left.layout === 'packed' && matrixAxes(right, s.over)?.outer.map((a) => a.axis).join() === s.over;
}

/** Whether some loop with products, wherever it begins, ends within a window: warpgroups would multiply mostly what is not there. */
export function walksLess(k: TileKernel): boolean {
  const all = statements(k.body);
  const made = (t: Tile | undefined): Scalar | undefined => all.find((s): s is TileMap => s.kind === 'map' && s.dst === t)?.fn;
  return all.some((s) => {
    if (s.kind !== 'loop' || !statements(s.body).some((x) => x.kind === 'mma')) return false;
    const from = s.from.kind === 'arg' ? made(s.args[s.from.index]) : s.from;
    const end = affineOf(s.to, keyOf);
    return from !== undefined && end !== undefined && lowerBounds(from).some((b) => {
      const start = affineOf(b, keyOf);
      const length = start && sum(end, scaled(start, -1));
      return length !== undefined && length.terms.size === 0 && length.constant < s.step;
    });
  });
}

const keyOf = (s: Scalar): string | undefined => (s.kind === 'pos' || s.kind === 'size' ? scalarKey(s) : undefined);

/** Values that a bound is not below but for where its window begins. */
function lowerBounds(s: Scalar): readonly Scalar[] {
  if (s.kind !== 'binary') return [s];
  if (s.op === 'max') return [...lowerBounds(s.a), ...lowerBounds(s.b)];
  const isFloor = s.op === 'mul' && s.a.kind === 'unary' && s.a.op === 'floor' && s.a.a.kind === 'binary' && s.a.a.op === 'div' && s.b.kind === 'lit';
  return isFloor && s.a.kind === 'unary' && s.a.a.kind === 'binary' ? lowerBounds(s.a.a.a) : [s];
}
