import type { Axis } from '../../dsl/expr.js';
import { evalScalar, lit, mapScalar, scalarChildren, type Scalar } from '../../dsl/scalar.js';
import { plus } from './affine.js';
import type { Param, Tile, TileGather, TileKernel, TileMap, TileStmt } from './ir.js';
import { isTile, mapBlocks, readsOf, statements, writes } from './walk.js';

/** The longest axis that is taken apart. */
export const mostParts = 4;

/**
 * Takes short axes apart: where blocks have roles those of a few positions on the grid, so that each can be loaded and
 * stored in lines, and those along which a tile is read at positions that are known here, other than its own:
 *   mma y[q, p, d] += x·w; gather o <- y at p = 1 − p   →   mma yAt0 += x·w; mma yAt1 += x·w; copy oAt0 <- yAt1; copy oAt1 <- yAt0
 * Parts of one shape lie in the same registers of the same lanes; as columns of one tile they would lie in different lanes.
 * Precondition: every tile is whole along such an axis, and no statement has been given a layout.
 */
export function takeApart(k: TileKernel): TileKernel {
  const all = statements(k.body);
  const { roles } = k.schedule;
  const short = roles === 'uniform' || roles.by === 'warps' ? [] : k.grid.filter((g) => g.block > 1 && g.block <= mostParts && !isRaggedBy(g.axis, k)).map((g) => g.axis);
  const known = all.flatMap((s) => (s.kind === 'gather' && isTile(s.src) && positionsOf(s, all, k) ? [s.axis] : []));
  return [...new Set([...short, ...known])].reduce((t, axis) => (isDivisible(axis, t) ? divided(t, axis) : t), k);
}

/** Where a read along a short axis goes from each of its positions; undefined where only a launch can say. */
function positionsOf(s: TileGather, all: readonly TileStmt[], k: TileKernel): readonly number[] | undefined {
  const parts = sizeIn(isTile(s.src) ? s.src : s.index, s.axis);
  const made = all.filter((x) => writes(x).includes(s.index));
  const [only] = made;
  const isOfAxis = s.index.shape.every((a) => a.axis === s.axis);
  if (parts === undefined || parts > mostParts || made.length !== 1 || only?.kind !== 'map' || only.args.length > 0 || !isOfAxis || !isKnown(only, s.axis, k)) return undefined;
  return Array.from({ length: parts }, (_, i) => evalScalar(only.fn, { args: [], pos: { [s.axis]: i }, size: fixedSizes(k) }));
}

/** Whether an axis, or the length of another, differs from row to row. */
const isRaggedBy = (axis: Axis, k: TileKernel): boolean => Object.entries(k.sizes).some(([a, rule]) => rule.kind === 'ragged' && (a === axis || rule.by === axis));

const fixedSizes = (k: TileKernel): Readonly<Record<Axis, number>> => Object.fromEntries(Object.entries(k.sizes).flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [[axis, rule.size] as const] : [])));

function isKnown({ fn }: TileMap, axis: Axis, k: TileKernel): boolean {
  const go = (s: Scalar): boolean => {
    if (s.kind === 'pos') return s.axis === axis;
    if (s.kind === 'size') return k.sizes[s.axis]?.kind === 'fixed';
    return s.kind !== 'arg' && scalarChildren(s).every(go);
  };
  return go(fn);
}

const sizeIn = (t: Tile, axis: Axis): number | undefined => t.shape.find((a) => a.axis === axis)?.size;
const tilesOf = (s: TileStmt): readonly Tile[] => [...new Set([...readsOf(s), ...writes(s)])];

/** Whether every statement that touches `axis` does so position by position, or by a gather that is known. */
function isDivisible(axis: Axis, k: TileKernel): boolean {
  const all = statements(k.body);
  return all.every((s) => {
    switch (s.kind) {
      case 'reduce': return s.axis !== axis;
      case 'mma': return s.over !== axis;
      case 'gather': return s.axis !== axis || (isTile(s.src) ? positionsOf(s, all, k) !== undefined : sizeIn(s.dst, axis) === undefined);
      case 'loop': return s.axis !== axis;
      case 'topk': case 'prime': case 'advance': case 'drain': case 'send': case 'receive': case 'release': case 'settle': case 'clear': case 'own': return false;
      case 'load': case 'store': case 'copy': case 'fill': case 'unite': case 'map': case 'when': case 'barrier': return true;
      default: return s satisfies never;
    }
  });
}

function divided(k: TileKernel, axis: Axis): TileKernel {
  const all = statements(k.body);
  const parts = new Map<Tile, readonly Tile[]>();
  const partsOf = (t: Tile): readonly Tile[] | undefined => {
    const size = sizeIn(t, axis);
    const made = parts.get(t) ?? (size === undefined ? undefined : Array.from({ length: size }, (_, i) => ({ ...t, name: `${t.name}At${i}`, shape: t.shape.filter((a) => a.axis !== axis) })));
    if (made) parts.set(t, made);
    return made;
  };
  const body = mapBlocks(k.body, (block) => block.flatMap((s): readonly TileStmt[] => {
    if (s.kind === 'gather' && s.axis === axis && isTile(s.src)) return gathered(s, positionsOf(s, all, k) ?? [], partsOf);
    const count = tilesOf(s).map((t) => partsOf(t)?.length).find((n) => n !== undefined);
    return count === undefined ? [s] : Array.from({ length: count }, (_, i) => partOf(s, { axis, i, isWhole: !k.grid.some((g) => g.axis === axis) }, (t) => partsOf(t)?.[i] ?? t));
  }));
  // What only said where to read is not needed any more.
  const read = new Set(statements(body).flatMap(readsOf));
  const isIdle = (s: TileStmt): boolean => s.kind === 'map' && s.args.length === 0 && !read.has(s.dst);
  const kept = mapBlocks(body, (block) => (block.some(isIdle) ? block.filter((s) => !isIdle(s)) : block));
  const used = new Set(statements(kept).flatMap(tilesOf));
  return { ...k, body: kept, tiles: k.tiles.flatMap((t) => partsOf(t) ?? [t]).filter((t) => used.has(t)) };
}

/** The parts of a gather: each is a part of its source, or what stands for a position outside. */
function gathered(s: TileGather, from: readonly number[], partsOf: (t: Tile) => readonly Tile[] | undefined): readonly TileStmt[] {
  const sources = isTile(s.src) ? partsOf(s.src) ?? [] : [];
  const to = partsOf(s.dst) ?? [s.dst];
  return to.map((dst, i): TileStmt => {
    const src = sources[from[i] ?? -1];
    return src ? { kind: 'copy', dst, src, span: s.span } : { kind: 'fill', dst, value: s.outside, span: s.span };
  });
}

/** A position on an axis, of which tiles have all positions or the window of a block. */
interface Position { readonly axis: Axis; readonly i: number; readonly isWhole: boolean }

/** A statement at one position of the axis. */
function partOf(s: TileStmt, { axis, i, isWhole }: Position, as: (t: Tile) => Tile): TileStmt {
  const view = (p: Param): Param => (p.order.includes(axis) ? { ...p, at: { ...p.at, [axis]: i } } : p);
  const placed = (x: Scalar): Scalar => (x.kind === 'pos' && x.axis === axis ? (isWhole ? lit(i, x.span) : plus(x, i)) : decided(mapScalar(x, placed)));
  switch (s.kind) {
    case 'load': return { ...s, dst: as(s.dst), src: view(s.src) };
    case 'store': return { ...s, dst: view(s.dst), src: as(s.src) };
    case 'gather': return { ...s, dst: as(s.dst), index: as(s.index), src: isTile(s.src) ? as(s.src) : view(s.src) };
    case 'map': return { ...s, dst: as(s.dst), fn: placed(s.fn), args: s.args.map(as) };
    case 'copy': case 'reduce': return { ...s, dst: as(s.dst), src: as(s.src) };
    case 'fill': case 'unite': return { ...s, dst: as(s.dst) };
    case 'mma': return { ...s, dst: as(s.dst), lhs: as(s.lhs), rhs: as(s.rhs) };
    case 'topk': case 'prime': case 'advance': case 'drain': case 'loop': case 'when': case 'barrier': case 'send': case 'receive': case 'release': case 'settle': case 'clear': case 'own': throw new Error(`${s.kind} has no tile along '${axis}'`);
    default: return s satisfies never;
  }
}

/** The branch that is taken, where literals decide. */
function decided(s: Scalar): Scalar {
  if (s.kind !== 'select' || !isClosed(s.cond)) return s;
  return evalScalar(s.cond, { args: [], pos: {}, size: {} }) ? s.a : s.b;
}

const isClosed = (s: Scalar): boolean => s.kind === 'lit' || (scalarChildren(s).length > 0 && scalarChildren(s).every(isClosed));
