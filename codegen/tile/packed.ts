import { dtypeBytes } from '../../dsl/dtype.js';
import { groupRows, isBoxed } from './boxes.js';
import type { Copy, Frame, Store, Tile, TileKernel, TileStmt } from './ir.js';
import { extended, factorsOf, sidesOf } from './sides.js';
import { mapBlocks, mapTiles, readsOf, statements, writes } from './walk.js';

/** Left operands that are computed in registers and that nobody but products reads are kept as products want them, in half the registers. */
export function packOperands(k: TileKernel): TileKernel {
  const { frame } = k;
  if (!frame) return k;
  const all = statements(k.body);
  const isLeft = (s: TileStmt, t: Tile): boolean => s.kind === 'mma' && factorsOf(s, frame)?.left === t;
  const isPacked = (t: Tile): boolean => t.layout === 'tile' && dtypeBytes[t.dtype] === 2 && all.some((s) => isLeft(s, t))
    && all.every((s) => (!readsOf(s).includes(t) || isLeft(s, t)) && (!writes(s).includes(t) || s.kind === 'map'));
  const packed = new Map(k.tiles.filter(isPacked).map((t): readonly [Tile, Tile] => [t, { ...t, layout: 'packed' }]));
  if (packed.size === 0) return k;
  const as = (t: Tile): Tile => packed.get(t) ?? t;
  return { ...k, tiles: k.tiles.map(as), body: mapTiles(k.body, as) };
}

/**
 * Results of 16 bits take a detour through shared memory, from where the copy engine stores them in whole lines:
 *   store y <- acc   →   copy accLines <- acc; store y <- accLines
 * Not where boxes would reach into what others store. Precondition: `isForWarpgroups`.
 */
export function stageStores(k: TileKernel): TileKernel {
  const { frame } = k;
  if (!frame) return k;
  const made: Tile[] = [];
  const body = mapBlocks(k.body, (block) => {
    const staged = block.flatMap((s): readonly TileStmt[] => {
      if (s.kind !== 'store' || !isInLines(s, k, frame)) return [s];
      const lines: Tile = { ...s.src, name: `${s.src.name}Lines`, dtype: s.dst.dtype, layout: 'operand' };
      made.push(lines);
      return [{ kind: 'copy', dst: lines, src: s.src, span: s.span } satisfies Copy, { ...s, src: lines }];
    });
    return staged.length === block.length ? block : staged;
  });
  return made.length === 0 ? k : { ...k, body, tiles: [...k.tiles, ...made] };
}

/** Whether a store's rows are one axis of its own and its columns whole lines of the innermost axis of memory. */
function isInLines(s: Store, k: TileKernel, frame: Frame): boolean {
  const [row, more] = frame.rows;
  const { rows, columns } = sidesOf(s.src, frame);
  const [column, second] = columns;
  if (!row || more || !column || second || rows.length !== 1 || s.src.layout !== 'tile' || k.sizes[row.axis]?.kind === 'ragged' || row.size % groupRows !== 0) return false;
  return extended(s.src).map((a) => a.axis).join() === `${row.axis},${column.axis}` && isBoxed({ kind: 'load', dst: { ...s.src, dtype: s.dst.dtype }, src: s.dst, span: s.span }, column.axis, k.sizes);
}
