import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import type { Frame, Layout, Mma, Param, Tile, TileAxis, TileKernel, TileReduce, TileStmt } from './ir.js';
import { extended, extentOf, factorsOf, isWhole, matrixAxes, sidesOf } from './sides.js';
import { isTile, mapTiles, paramsOf, statements, writes } from './walk.js';

/** Registers of one thread that one tile may take. */
const mostRegisters = 160;

/**
 * Spreads tiles over the registers of the block's warps: a frame is chosen from the products (their accumulators) or, in
 * element-wise work, from what lies side by side in memory; then every tile goes where all statements that touch it can
 * reach it, and what no frame can hold stays an array that all threads share.
 */
export function spreadTiles(k: TileKernel): TileKernel {
  if (k.tiles.every((t) => extended(t).length === 0)) return k;
  const all = statements(k.body);
  const frame = frameOf(k, all);
  const layouts = layoutsOf(k, all, frame);
  const placed = new Map(k.tiles.map((t): [Tile, Tile] => [t, { ...t, layout: layouts.get(t) ?? 'array' }]));
  const as = (t: Tile): Tile => placed.get(t) ?? t;
  return { ...k, frame, tiles: k.tiles.map(as), body: mapTiles(k.body, as), schedule: { ...k.schedule, warps: frame.warps.rows * frame.warps.columns } };
}

const isMma = (s: TileStmt): s is Mma => s.kind === 'mma';
const axesOf = (t: Tile): readonly Axis[] => extended(t).map((a) => a.axis);

function frameOf(k: TileKernel, all: readonly TileStmt[]): Frame {
  const mmas = all.filter(isMma);
  return mmas.length > 0 ? accumulatorFrame(k, all, mmas) : spreadFrame(k, all);
}

function accumulatorFrame(k: TileKernel, all: readonly TileStmt[], mmas: readonly Mma[]): Frame {
  const rows = rowsOfProducts(all, mmas);
  const isRow = (axis: Axis): boolean => rows.some((r) => r.axis === axis);
  const height = extentOf(rows);
  const fitting = Math.max(1, Math.floor(height / 16));
  const { warps } = k.schedule;
  const down = Math.min(warps, fitting);
  const computed = mmas.filter((s) => isComputed(s.lhs, all) || isComputed(s.rhs, all));
  const joined = all.filter((s) => s.kind === 'reduce' && !isRow(s.axis));
  const wholeRows = computed.length > 0 || joined.length > 0;
  const wholeColumns = all.some((s) => s.kind === 'reduce' && isRow(s.axis));
  const summed = [...new Set(mmas.map((s) => s.over))];
  const isSum = (axis: Axis): boolean => summed.includes(axis) && mmas.every((s) => !axesOf(s.dst).includes(axis));
  // Several warps side by side compute an operand each for itself rather than stand idle.
  const idle = Math.min(Math.floor(warps / down), Math.floor(Math.min(...mmas.map((s) => extentOf(sidesOf(s.dst, { rows }).columns))) / 16));
  if (wholeRows && idle > 1 && summed.every(isSum) && joined.every((s) => s.kind === 'reduce' && isSum(s.axis))) return { kind: 'accumulators', rows, warps: { rows: down, columns: idle }, whole: summed, vector: 2 };
  const { roles } = k.schedule;
  if (wholeRows || (roles !== 'uniform' && roles.by === 'warpgroups')) return { kind: 'accumulators', rows, warps: { rows: down, columns: 1 }, whole: [], vector: 2 };
  // Both sides alike keep the operands that a warp reads small.
  const width = Math.max(...mmas.map((s) => extentOf(sidesOf(s.dst, { rows }).columns)));
  const across = wholeColumns ? warps : evenSplit(warps, height, width);
  const columns = Math.min(across, Math.max(1, Math.floor(width / 16)));
  return { kind: 'accumulators', rows, warps: { rows: wholeColumns ? 1 : Math.min(fitting, Math.max(1, Math.floor(warps / columns))), columns }, whole: [], vector: 2 };
}

/** Of `warps`, how many stand side by side so that a warp's part of height × width is as square as can be. */
function evenSplit(warps: number, height: number, width: number): number {
  const options = [1, 2, 4, 8, 16].filter((c) => c <= warps && warps % c === 0);
  const edge = (c: number): number => height / (warps / c) + width / c;
  return options.reduce((best, c) => (edge(c) < edge(best) ? c : best), 1);
}

const isComputed = (t: Tile, all: readonly TileStmt[]): boolean => all.some((s) => writes(s).includes(t) && s.kind !== 'load' && s.kind !== 'advance');

/** The side that stays in registers from one product to the next; else the side that nothing reduces; else the left one. */
function rowsOfProducts(all: readonly TileStmt[], mmas: readonly Mma[]): readonly TileAxis[] {
  const free = (t: Tile, s: Mma): readonly TileAxis[] => extended(t).filter((a) => a.axis !== s.over);
  for (const s of mmas) for (const t of [s.lhs, s.rhs]) if (isComputed(t, all)) return free(t, s);
  const [first] = mmas;
  if (!first) return [];
  const reduced = new Set(all.flatMap((s) => (s.kind === 'reduce' ? [s.axis] : [])));
  const isReduced = (t: Tile): boolean => free(t, first).some((a) => reduced.has(a.axis));
  return isReduced(first.lhs) && !isReduced(first.rhs) ? free(first.rhs, first) : free(first.lhs, first);
}

/** Columns: the innermost axis of memory that tiles have. Rows: all the others. */
function spreadFrame(k: TileKernel, all: readonly TileStmt[]): Frame {
  const sizeOf = new Map(k.tiles.flatMap(extended).map((a) => [a.axis, a.size]));
  const memory = all.flatMap((s) => paramsOf(s)).filter((p) => p.order.some((a) => sizeOf.has(a)));
  // Of several as wide, what most is read of.
  const loaded = (p: Param): number => Math.max(0, ...all.flatMap((s) => (s.kind === 'load' && s.src === p ? [extentOf(s.dst.shape)] : [])));
  const widest = [...memory].sort((a, b) => b.order.length - a.order.length || loaded(b) - loaded(a));
  const column = widest.map((p) => p.order.findLast((a) => sizeOf.has(a))).find((a) => a !== undefined) ?? [...sizeOf.keys()].at(-1);
  const rows = [...sizeOf].filter(([a]) => a !== column).map(([axis, size]) => ({ axis, size }));
  const { warps } = k.schedule;
  const height = extentOf(rows);
  const width = column === undefined ? 1 : sizeOf.get(column) ?? 1;
  const wholeRows = all.some((s) => s.kind === 'reduce' && s.axis === column);
  const wholeColumns = all.some((s) => s.kind === 'reduce' && rows.some((r) => r.axis === s.axis) && extended(s.src).length > 1);
  const down = wholeColumns && !wholeRows ? 1 : Math.min(warps, height);
  const across = wholeRows ? 1 : Math.min(Math.floor(warps / down), Math.max(1, Math.floor(width / 32)));
  const bytes = Math.min(4, ...memory.map((p) => dtypeBytes[p.dtype]));
  let vector = 16 / bytes;
  while (vector > 1 && 32 * vector * across > width) vector /= 2;
  return { kind: 'spread', rows, warps: { rows: down, columns: across }, whole: [], vector };
}

/** Starts from what each tile would best be, and makes arrays of those that some statement could not reach. */
function layoutsOf(k: TileKernel, all: readonly TileStmt[], frame: Frame): ReadonlyMap<Tile, Layout> {
  const layouts = new Map(k.tiles.map((t) => [t, wanted(t, all, frame)]));
  for (;;) {
    const stuck = all.flatMap((s) => unreachable(s, layouts, frame)).filter((t) => layouts.get(t) !== 'array');
    if (stuck.length === 0) return layouts;
    for (const t of stuck) layouts.set(t, 'array');
  }
}

function wanted(t: Tile, all: readonly TileStmt[], frame: Frame): Layout {
  if (extended(t).length === 0) return 'array';
  for (const s of all) {
    if (!isMma(s) || (s.lhs !== t && s.rhs !== t)) continue;
    const factors = factorsOf(s, frame);
    if (!factors) return 'array';
    const stays = factors.left === t && isComputed(t, all) && (frame.warps.columns === 1 || frame.whole.includes(s.over)) && axesOf(t).every((a) => a === s.over || frame.rows.some((r) => r.axis === a));
    if (!stays) return isMatrix(t, s.over, all) ? 'operand' : 'array';
  }
  const { rows, columns } = sidesOf(t, frame);
  if (columns.length === 0) return 'rows';
  if (frame.kind === 'spread' && columns.length > 1) return 'array';
  if (rows.length === 0) return 'columns';
  return registersOf(t, frame) <= mostRegisters ? 'tile' : 'array';
}

/** Whether a product can read `t` as a matrix; a computed one must fill whole steps of the sum, since nobody clears what lies behind. */
function isMatrix(t: Tile, over: Axis, all: readonly TileStmt[]): boolean {
  const sum = t.shape.find((a) => a.axis === over)?.size ?? 1;
  return matrixAxes(t, over) !== undefined && (!isComputed(t, all) || sum % 16 === 0);
}

/** Registers that a tile of the frame takes of a thread. */
export function registersOf(t: Tile, frame: Frame): number {
  const { rows, columns } = sidesOf(t, frame);
  const [piece, width] = frame.kind === 'accumulators' ? [16, 8] : [1, 32 * frame.vector];
  const up = (n: number, by: number): number => Math.ceil(n / by);
  const across = extentOf(columns);
  const side = isWhole(t, frame) ? 1 : frame.warps.columns;
  const perRow = frame.kind === 'accumulators' ? 2 : 1, perColumn = frame.kind === 'accumulators' ? 2 : frame.vector;
  const ofRows = rows.length === 0 ? 1 : up(extentOf(frame.rows), piece * frame.warps.rows) * perRow;
  const ofColumns = columns.length === 0 ? 1 : up(across, width * side) * perColumn;
  return ofRows * ofColumns;
}

/** Whether the outer of several column axes is reduced and the inner ones, few or in whole pieces, stay. */
function isOuterJoin(s: TileReduce, frame: Frame): boolean {
  const [first, ...rest] = sidesOf(s.src, frame).columns;
  const inner = extentOf(rest);
  return frame.kind === 'accumulators' && frame.warps.columns === 1 && first?.axis === s.axis && rest.length > 0 && (inner === 2 || inner === 4 || inner % 8 === 0);
}

/** Tiles that must become arrays before the statement can be done. */
function unreachable(s: TileStmt, layouts: ReadonlyMap<Tile, Layout>, frame: Frame): readonly Tile[] {
  const of = (t: Tile): Layout => layouts.get(t) ?? 'array';
  const inRegisters = (t: Tile): boolean => extended(t).length > 0 && of(t) !== 'array' && of(t) !== 'operand';
  const columnsOf = (t: Tile): string => sidesOf(t, frame).columns.map((a) => a.axis).join();
  /** Whether the elements of `t` meet those of `dst` in the same thread. */
  const meets = (t: Tile, dst: Tile): boolean => {
    if (!inRegisters(t)) return true;
    const columns = columnsOf(t);
    return (columns === '' || columns === columnsOf(dst)) && (of(t) !== 'tile' || of(dst) === 'tile') && (of(dst) !== 'columns' || of(t) === 'columns');
  };
  const sameAxes = (a: Tile, b: Tile): boolean => axesOf(a).join() === axesOf(b).join();
  switch (s.kind) {
    case 'map': case 'copy': {
      const args = s.kind === 'map' ? s.args : [s.src];
      if (inRegisters(s.dst)) {
        const strangers = args.filter((a) => !meets(a, s.dst));
        return strangers.length > 0 ? [s.dst, ...strangers] : [];
      }
      // An array is written in the frame of an operand that has all of its axes.
      const leader = args.find((a) => inRegisters(a) && sameAxes(a, s.dst));
      return args.filter((a) => inRegisters(a) && (leader === undefined || !meets(a, leader)));
    }
    case 'gather': {
      const strangers = [...(isTile(s.src) && inRegisters(s.src) ? [s.src] : []), ...(inRegisters(s.dst) ? (meets(s.index, s.dst) ? [] : [s.index, s.dst]) : inRegisters(s.index) ? [s.index] : [])];
      return strangers;
    }
    case 'reduce': {
      if (!inRegisters(s.src)) return [];
      const { rows, columns } = sidesOf(s.src, frame);
      const overRows = frame.rows.some((r) => r.axis === s.axis);
      // Every warp has all columns of a line, so each finds their sum by itself.
      if (of(s.src) === 'columns' && extended(s.dst).length === 0 && columns.length === 1 && frame.warps.columns === 1) return [];
      const whole = overRows ? rows.length === 1 && frame.warps.rows === 1 && of(s.src) === 'tile' : columns.length === 1 && (frame.warps.columns === 1 || isWhole(s.src, frame)) && of(s.src) === 'tile';
      const ends = overRows ? of(s.dst) === 'columns' : of(s.dst) === 'rows';
      if (isOuterJoin(s, frame) && of(s.src) === 'tile' && of(s.dst) === 'tile') return [];
      return extended(s.src).some((a) => a.axis === s.axis) ? (whole && ends ? [] : [s.src]) : meets(s.src, s.dst) && inRegisters(s.dst) ? [] : [s.src];
    }
    case 'mma': {
      const factors = factorsOf(s, frame);
      if (factors && of(s.dst) === 'tile' && of(factors.right) === 'operand' && of(factors.left) !== 'array') return [];
      return [s.dst, s.lhs, s.rhs];
    }
    case 'load': case 'fill': case 'unite': case 'store': case 'topk': case 'prime': case 'advance': case 'drain': case 'loop': case 'when': case 'barrier': case 'send': case 'receive': case 'release': case 'own': case 'settle': case 'clear': return [];
    default: return s satisfies never;
  }
}
