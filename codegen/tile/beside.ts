import { dtypeBytes } from '../../dsl/dtype.js';
import { lineBytes } from './boxes.js';
import type { Frame, Mma, Tile, TileKernel, TileStmt } from './ir.js';
import { extended, factorsOf, matrixAxes, sidesOf } from './sides.js';
import { mapBlocks, operandsOf, productsOf, statements } from './walk.js';

/** Columns of the widest product of a warpgroup. */
const mostColumns = 256;

/**
 * Products of a block that share their left operand become one where their right operands can lie behind each other as rows
 * of one matrix, so that the left one is read once for all of them:
 *   load x; load w; mma a += x·w; load v; mma b += x·v   →   load x; load w; load v; mma a | b += x · w | v
 * Precondition: `isForWarpgroups`, and roles are not given.
 */
export function joinProducts(k: TileKernel): TileKernel {
  const { frame } = k;
  if (!frame) return k;
  const body = mapBlocks(k.body, (block) => {
    const joined = joinedBlock(block, frame);
    return joined.length === block.length ? block : joined;
  });
  return isOneOrder(besidesOf(body)) ? { ...k, body } : k;
}

/** Tiles that lie behind each other: accumulators in registers, right operands in shared memory; each group once. */
export function besidesOf(body: readonly TileStmt[]): readonly (readonly Tile[])[] {
  const all = statements(body).flatMap((s) => (s.kind === 'mma' && s.beside ? [productsOf(s).map((p) => p.dst), productsOf(s).map((p) => p.rhs)] : []));
  return all.filter((g, i) => all.findIndex((o) => isSame(o, g)) === i);
}

const isSame = (a: readonly Tile[], b: readonly Tile[]): boolean => a.length === b.length && a.every((t, i) => t === b[i]);
/** Whether no tile has two places. */
const isOneOrder = (groups: readonly (readonly Tile[])[]): boolean => new Set(groups.flat()).size === groups.flat().length;

function joinedBlock(block: readonly TileStmt[], frame: Frame): readonly TileStmt[] {
  let out: readonly TileStmt[] = [];
  // The product that others may join: nothing but loads of operands has followed it.
  let open: Mma | undefined;
  for (const s of block) {
    const own = s.kind === 'mma' ? oriented(s, frame) : undefined;
    const joined = open && own ? joinedWith(open, own, frame) : undefined;
    if (joined) out = [...out.filter((o) => o !== open), joined];
    else out = [...out, own ?? s];
    const isLoad = s.kind === 'load' && s.dst.layout === 'operand' && !(open && operandsOf(open).includes(s.dst));
    open = joined ?? own ?? (isLoad ? open : undefined);
  }
  return out;
}

/** A product with the factor that has the rows on the left, where others can stand beside it; undefined elsewhere. */
function oriented(s: Mma, frame: Frame): Mma | undefined {
  const factors = factorsOf(s, frame);
  const inner = factors && matrixAxes(factors.right, s.over)?.inner;
  const isLine = inner?.length === 1 && inner.every((a) => a.axis === s.over && a.size * dtypeBytes[factors?.right.dtype ?? 'f32'] === lineBytes);
  return factors && isLine ? { ...s, lhs: factors.left, rhs: factors.right } : undefined;
}

function joinedWith(open: Mma, s: Mma, frame: Frame): Mma | undefined {
  const made = productsOf(open);
  const sizes = (t: Tile): string => `${t.dtype} ${extended(t).map((a) => `${a.axis} ${a.size}`).join()}`;
  const columns = sidesOf(s.dst, frame).columns.reduce((n, a) => n * a.size, 1);
  const isAlike = open.lhs === s.lhs && open.over === s.over && open.accumulate === s.accumulate && sizes(open.rhs) === sizes(s.rhs) && sizes(open.dst) === sizes(s.dst);
  const isNew = !made.some((p) => p.dst === s.dst || p.rhs === s.rhs);
  return isAlike && isNew && (made.length + 1) * columns <= mostColumns ? { ...open, beside: [...(open.beside ?? []), { dst: s.dst, rhs: s.rhs }], span: s.span } : undefined;
}
