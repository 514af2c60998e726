import type { SizeRule } from '../../dsl/definition.js';
import type { DType } from '../../dsl/dtype.js';
import type { Axis, ReduceOp } from '../../dsl/expr.js';
import type { ArgRef, GridAxis } from '../../dsl/manifest.js';
import type { Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import type { Products, Schedule } from '../schedule/schedule.js';

/**
 * The tile IR: what one thread block does. Every axis has an *origin* `a0` (grid: block index times block size; loop:
 * the loop variable; otherwise 0) and a *valid extent* min(tile size, axis length − origin). Windows may be partial:
 *   load      fills elements beyond the valid extent with 0
 *   map       computes the whole tile; what lies beyond the valid extent is unspecified
 *   reduce, mma   ignore positions of their axis beyond its valid extent
 *   store     writes valid elements only, rounding to the parameter's dtype
 * An axis that a parameter has and the tile has not is read or written at its origin (grid axes of block 1 have no tile
 * axis); `pos a` of an axis that `dst` has not is the origin a0. Origins never lie beyond the axis (see `when`, loops).
 * `Tile.dtype` is the semantic dtype: where a target keeps a wider one, `map`, `copy` and `load` into the tile round to it.
 */
/**
 * Memory of a launch. In a statement, `order` may be a *view*: other axes over the same contiguous memory (renamed,
 * split or merged), so addresses follow from the statement's own `order` and the sizes of those axes, never from the
 * entry of the same name in `TileKernel.params`.
 */
export interface Param {
  readonly name: string;
  readonly dtype: DType;
  /** Memory order; empty: a scalar by value. */
  readonly order: readonly Axis[];
  /** Axes of `order` of which a statement touches one position only, and how far that is from the origin: beyond the axis like any other element there. */
  readonly at: Readonly<Record<Axis, number>>;
  readonly role: 'param' | 'result' | 'scratch';
}
/** `shape` is also the tile's memory order, outermost first; empty: one number. */
export interface Tile {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly TileAxis[];
  readonly layout: Layout;
}
export interface TileAxis { readonly axis: Axis; readonly size: number }
/**
 * Where a tile stands while a block works. `array`: memory that all of the block's threads reach, elements in order (a
 * tile of one number is every thread's own). `operand`: the same for a matrix that a product reads, in the order of its
 * parameter, permuted by the target. `packed`: the left operand of a product, rounded, two elements to a register. `panels`: as an operand, but only as many columns at a time as a line of memory holds. `tile`, `rows`, `columns`: spread over the warps' registers by the kernel's frame;
 * `rows` and `columns` have axes of one side only.
 */
export type Layout = 'array' | 'operand' | 'packed' | 'panels' | 'tile' | 'rows' | 'columns';
/**
 * How registers hold tiles: the axes of `rows`, as one, are cut along the warps, all other axes of a tile are its
 * columns. `accumulators`: as products leave them; `spread`: whole rows, `vector` neighbouring columns in a lane.
 */
export interface Frame {
  readonly kind: 'accumulators' | 'spread';
  readonly rows: readonly TileAxis[];
  readonly warps: { readonly rows: number; readonly columns: number };
  /** Axes that, as columns, every warp holds whole: what products sum over, where several warps share their rows. */
  readonly whole: readonly Axis[];
  readonly vector: number;
}
/**
 * Loads of a walked axis that run ahead of their use, `held` in memory that threads share: the tiles exist `stages` times; or once,
 * beside what memory has for windows to come: for the next one in `registers`, for `stages` of them in shared memory that every
 * one of the `lanes` has a part of for itself. `from` and `to` bound all loops that consume it, read like those of a loop.
 */
export interface Pipe {
  readonly name: string;
  readonly axis: Axis;
  readonly step: number;
  readonly stages: number;
  readonly held: 'shared' | 'registers' | 'lanes';
  readonly loads: readonly Load[];
  readonly from: Scalar;
  readonly to: Scalar;
  readonly args: readonly Tile[];
}
/**
 * What the thread that loads sends to the warps that compute: `loads` travel together, their tiles exist `stages` times.
 */
export interface Channel { readonly name: string; readonly stages: number; readonly loads: readonly Load[] }
/**
 * A block of which some warps compute, as the kernel's body says, and threads of one warp or warpgroup more load for them, each
 * as one of `loading` says: what is needed late must not keep waiting what is needed next.
 * Products of warpgroups then run beside what follows them, until a `settle`; those of warps are there when they are made.
 */
export interface Roles { readonly channels: readonly Channel[]; readonly loading: readonly (readonly TileStmt[])[]; readonly products: Products }

interface Stmt { readonly span: Span }
export interface Load extends Stmt { readonly kind: 'load'; readonly dst: Tile; readonly src: Param }
/** In front of the loops: the first stages' loads are under way. */
export interface Prime extends Stmt { readonly kind: 'prime'; readonly pipe: Pipe }
/** First in a loop's body: this window's tiles are there for all threads, and the next free stage is being loaded. */
export interface Advance extends Stmt { readonly kind: 'advance'; readonly pipe: Pipe }
/** Behind the loops: no copy is under way. */
export interface Drain extends Stmt { readonly kind: 'drain'; readonly pipe: Pipe }
/** dst[…] = src at index[…] along `axis`, or `outside`. The index holds positions on the whole axis, not in the window. */
export interface TileGather extends Stmt { readonly kind: 'gather'; readonly dst: Tile; readonly src: Param | Tile; readonly axis: Axis; readonly index: Tile; readonly outside: number }
/** `through`: the copy engine stores it, from lines that the warps write before. */
export interface Store extends Stmt { readonly kind: 'store'; readonly dst: Param; readonly src: Tile; readonly through?: Through }
/** The ring of panels that stores go through one after another: `places` of `lines`, the next `step` of them at a time; this store's panels begin with number `first`. */
export interface Through { readonly lines: Tile; readonly places: number; readonly step: number; readonly first: number }
export interface Copy extends Stmt { readonly kind: 'copy'; readonly dst: Tile; readonly src: Tile }
export interface Fill extends Stmt { readonly kind: 'fill'; readonly dst: Tile; readonly value: number }
/** Element-wise over dst's shape; operands are broadcast by axis name; `pos a` is a0 plus the index in the tile. `dst` may be among `args` with the same shape. */
export interface TileMap extends Stmt { readonly kind: 'map'; readonly dst: Tile; readonly fn: Scalar; readonly args: readonly Tile[] }
/** `apart`: each lane joins what it holds itself; a `unite` follows before anything reads `dst`. */
export interface TileReduce extends Stmt { readonly kind: 'reduce'; readonly dst: Tile; readonly op: ReduceOp; readonly axis: Axis; readonly src: Tile; readonly accumulate: boolean; readonly apart?: boolean }
/** The lanes that hold shares of the same rows join them. */
export interface Unite extends Stmt { readonly kind: 'unite'; readonly dst: Tile; readonly op: ReduceOp }
/** Memory to memory, one row per block of the grid: positions of the largest `dst.order`-many elements, ascending, ties to the lower index. */
export interface TileTopK extends Stmt { readonly kind: 'topk'; readonly dst: Param; readonly src: Param; readonly axis: Axis; readonly as: Axis }
/**
 * dst (+)= Σ over `over` of lhs·rhs. Axes in both operands and in dst are batch axes; rows come from lhs, columns from rhs.
 * `beside`: products of the same lhs that are made as one with it, their columns behind those of the one before.
 */
export interface Mma extends Stmt, Beside { readonly kind: 'mma'; readonly lhs: Tile; readonly over: Axis; readonly accumulate: boolean; readonly beside?: readonly Beside[] }
/** What products of one left operand differ in. */
export interface Beside { readonly dst: Tile; readonly rhs: Tile }
/** `from`, `to` read `pos a` as the origin a0 of the enclosing block and `arg i` as the number in `args[i]`, an i32 tile without axes. `full` promises that every window of `axis` in it is whole, `padded` that what lies beyond the axis changes no state even where it is computed. */
export interface Loop extends Stmt { readonly kind: 'loop'; readonly axis: Axis; readonly from: Scalar; readonly to: Scalar; readonly args: readonly Tile[]; readonly step: number; readonly full: boolean; readonly padded: boolean; /** At most one window. */ readonly once?: true; /** Where the windows end that the own warpgroup computes: those up to `to` change nothing of its rows. Read like `to`. */ readonly own?: Scalar; readonly body: readonly TileStmt[] }
/** `dst`, a number: how many of a block's positions on `axis`, its rows, come before those of the own warpgroup: of `groups` each has `rows` of them. */
export interface Own extends Stmt { readonly kind: 'own'; readonly dst: Tile; readonly axis: Axis; readonly rows: number; readonly groups: number }
/** Uniform over the block, or over a warpgroup where it reads `own` rows; the condition reads like a loop's bounds. */
export interface When extends Stmt { readonly kind: 'when'; readonly cond: Scalar; readonly args: readonly Tile[]; readonly body: readonly TileStmt[]; readonly otherwise: readonly TileStmt[] }
/** All threads of the block; with `copies` each waits first until what it loads itself is there, and `alone` it does only that. */
export interface Barrier extends Stmt { readonly kind: 'barrier'; readonly copies: boolean; readonly alone?: boolean }
/** Of the thread that loads: once a place is free, the loads of this window are under way. */
export interface Send extends Stmt { readonly kind: 'send'; readonly channel: Channel }
/** Of the warps that compute: the window that was sent next is there, and its tiles are those that are read from here on. */
export interface Receive extends Stmt { readonly kind: 'receive'; readonly channel: Channel }
/** Of the warps that compute: the window that was received last is not read any more; `behind`: the one before it, in every turn of that loop but its first. */
export interface Release extends Stmt { readonly kind: 'release'; readonly channel: Channel; readonly behind?: Pick<Loop, 'axis' | 'from' | 'args'> }
/** Of the products that run, at most the last `pending` still do; `finished` are tiles that none of them writes any more. */
export interface Settle extends Stmt { readonly kind: 'settle'; readonly pending: number; readonly finished: readonly Tile[] }
/** Of the warps that compute: what an operand, received or packed, holds beyond `axis` becomes 0. */
export interface Clear extends Stmt { readonly kind: 'clear'; readonly dst: Tile; readonly axis: Axis }

export type TileStmt =
  | Load | Prime | Advance | Drain | TileGather | Store | Copy | Fill | TileMap | TileReduce | Unite | TileTopK | Mma | Loop | When | Barrier
  | Send | Receive | Release | Settle | Clear | Own;
export type Verb = TileStmt['kind'];

/** One launch. `args` are the compiled function's parameters in order: params, results, scratch, offsets, sizes. */
export interface TileKernel {
  /** C identifier, the launch's symbol. */
  readonly name: string;
  /** Where it comes from, for the generated header: the author's file and what the launch is. */
  readonly file: string;
  readonly summary: readonly string[];
  readonly params: readonly Param[];
  readonly args: readonly ArgRef[];
  readonly sizes: Readonly<Record<Axis, SizeRule>>;
  readonly grid: readonly GridAxis[];
  readonly tiles: readonly Tile[];
  readonly pipes: readonly Pipe[];
  /** How registers hold tiles; undefined where none do. */
  readonly frame: Frame | undefined;
  /** Undefined where all warps do the same. */
  readonly roles?: Roles;
  readonly schedule: Schedule;
  readonly body: readonly TileStmt[];
}
