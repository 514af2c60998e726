import type { Loop, Tile, TileKernel, TileMap, TileReduce, TileStmt, Unite } from './ir.js';
import { mapBlocks, readsOf, statements, withBody, writes } from './walk.js';

/**
 * Sums of rows that a loop only adds to, or scales row by row, stay with the lanes that hold the summands; the lanes of a
 * row join once, behind the loop:
 *   fill l ← 0; loop { map l ← l·α; reduce l sum= p }   →   …; loop { …; reduce l sum= p apart }; unite l
 * Right because scaling distributes over the sum. Precondition: layouts are final.
 */
export function sumApart(k: TileKernel): TileKernel {
  const body = mapBlocks(k.body, (block) => {
    const changed = block.flatMap((s, i) => (s.kind === 'loop' ? withSumsApart(s, block.slice(0, i)) : [s]));
    return changed.every((s, i) => s === block[i]) ? block : changed;
  });
  return body === k.body ? k : { ...k, body };
}

function withSumsApart(loop: Loop, before: readonly TileStmt[]): readonly TileStmt[] {
  const sums = loop.body.filter((s): s is TileReduce => isRowSum(s) && startsAtZero(s.dst, before) && statements(loop.body).every((x) => x === s || !touches(x, s.dst) || scales(x, s.dst)));
  if (sums.length === 0) return [loop];
  const apart = loop.body.map((s) => (sums.some((r) => r === s) && s.kind === 'reduce' ? { ...s, apart: true } : s));
  return [withBody(loop, apart), ...sums.map((s): Unite => ({ kind: 'unite', dst: s.dst, op: s.op, span: s.span }))];
}

const isRowSum = (s: TileStmt): s is TileReduce => s.kind === 'reduce' && s.accumulate && s.op === 'sum' && s.dst.layout === 'rows' && s.src.layout === 'tile' && s.src.shape.some((a) => a.axis === s.axis);

/** Every lane begins with the same number, which counts once for each of them: it has to be 0. */
function startsAtZero(t: Tile, before: readonly TileStmt[]): boolean {
  const last = before.filter((s) => statements([s]).some((x) => touches(x, t))).at(-1);
  return last?.kind === 'fill' && last.value === 0;
}

const touches = (s: TileStmt, t: Tile): boolean => readsOf(s).includes(t) || writes(s).includes(t);

/** t ← t·x for a number x of the row. */
function scales(s: TileStmt, t: Tile): s is TileMap {
  if (s.kind !== 'map' || s.dst !== t || s.args.length !== 2 || s.fn.kind !== 'binary' || s.fn.op !== 'mul') return false;
  const { a, b } = s.fn;
  if (a.kind !== 'arg' || b.kind !== 'arg' || a.index === b.index) return false;
  const [other, more] = s.args.filter((x) => x !== t);
  return more === undefined && other !== undefined && (other.layout === 'rows' || other.shape.every((x) => x.size === 1));
}
