import type { ReduceOp } from '../../dsl/expr.js';
import type { BinaryOp, Scalar } from '../../dsl/scalar.js';
import type { Copy, Mma, Tile, TileKernel, TileMap, TileReduce, TileStmt } from './ir.js';
import { mapBlocks, readsOf, statements, writes } from './walk.js';

/**
 * A state that steps through fresh tiles steps in place:
 * `map n = s·α; mma b = p·v; map c = n + b; copy s = c` → `map s = s·α; mma s += p·v`.
 * Holds where the fresh tiles serve nothing else and nobody reads the old state behind the place where it now changes.
 */
export function accumulateInPlace(k: TileKernel): TileKernel {
  const all = statements(k.body);
  const once = (t: Tile): boolean => all.filter((s) => readsOf(s).includes(t)).length === 1 && all.filter((s) => writes(s).includes(t)).length === 1;
  const body = mapBlocks(k.body, (block) => block.filter((s) => s.kind === 'copy').reduce((b, copy) => inPlace(b, copy, once), block));
  if (body === k.body) return k;
  const used = new Set(statements(body).flatMap((s) => [...readsOf(s), ...writes(s)]));
  return { ...k, body, tiles: k.tiles.filter((t) => used.has(t)) };
}

function inPlace(block: readonly TileStmt[], copy: Copy, once: (t: Tile) => boolean): readonly TileStmt[] {
  const state = copy.dst;
  const join = block.find((s): s is TileMap => s.kind === 'map' && s.dst === copy.src);
  if (!join || !once(join.dst) || join.fn.kind !== 'binary' || join.args.length !== 2) return block;
  const [moved, added] = join.args;
  if (!moved || !added || !isArg(join.fn.a, 0) || !isArg(join.fn.b, 1)) return block;
  const move = moved === state ? undefined : block.find((s): s is TileMap => s.kind === 'map' && s.dst === moved && s.args.includes(state));
  if (moved !== state && (!move || !once(moved))) return block;
  const add = once(added) ? block.find((s): s is Mma | TileReduce => (s.kind === 'mma' || s.kind === 'reduce') && s.dst === added && !s.accumulate && joinOf(s) === opOf(join.fn)) : undefined;
  // From the first statement that changes the state in place, nobody else may read its old value.
  const first = block.indexOf(move ?? add ?? join);
  const mine: ReadonlySet<TileStmt | undefined> = new Set([move, add, join, copy]);
  const late = block.some((s, i) => i > first && !mine.has(s) && statements([s]).some((x) => readsOf(x).includes(state) || writes(x).includes(state)));
  if (late) return block;
  return block.flatMap((s): readonly TileStmt[] => {
    if (s === copy) return [];
    if (s === move) return [{ ...move, dst: state }];
    if (add && s === add) return [{ ...add, dst: state, accumulate: true }];
    if (s === join) return add ? [] : [{ ...join, dst: state, args: [state, added] }];
    return [s];
  });
}

const isArg = (s: Scalar, index: number): boolean => s.kind === 'arg' && s.index === index;
const opOf = (s: Scalar): BinaryOp | undefined => (s.kind === 'binary' ? s.op : undefined);
const joins: Readonly<Record<ReduceOp, BinaryOp>> = { sum: 'add', max: 'max', min: 'min' };
const joinOf = (s: Mma | TileReduce): BinaryOp => (s.kind === 'mma' ? 'add' : joins[s.op]);
