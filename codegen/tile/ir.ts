import type { SizeRule } from '../../dsl/definition.js';
import type { DType } from '../../dsl/dtype.js';
import type { Axis, ReduceOp } from '../../dsl/expr.js';
import type { ArgRef, GridAxis } from '../../dsl/manifest.js';
import type { Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import type { Schedule } from '../schedule/schedule.js';

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
  readonly role: 'param' | 'result' | 'scratch';
}
/** `shape` is also the tile's memory order, outermost first; empty: one number. */
export interface Tile {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly TileAxis[];
  readonly space: 'shared' | 'register';
  readonly layout: Layout;
}
export interface TileAxis { readonly axis: Axis; readonly size: number }
export type Layout =
  | { readonly kind: 'rows'; readonly pad: number }
  | { readonly kind: 'swizzle128' }
  | { readonly kind: 'fragment'; readonly of: 'acc' | 'lhs' | 'rhs' };
/** A ring of `stages` copies of its tiles between asynchronous loads and math. */
export interface Pipe { readonly name: string; readonly tiles: readonly Tile[]; readonly stages: number }
/** Warps that run their own body. */
export interface Role { readonly name: 'load' | 'math'; readonly warps: number; readonly registers: number; readonly body: readonly TileStmt[] }

interface Stmt { readonly span: Span }
export interface Load extends Stmt { readonly kind: 'load'; readonly dst: Tile; readonly src: Param }
export interface LoadAsync extends Stmt { readonly kind: 'loadAsync'; readonly pipe: Pipe; readonly dst: Tile; readonly src: Param }
/** CUDA's pipeline words: acquire a free stage, commit its loads, wait until they landed, release it. */
export interface PipeStep extends Stmt { readonly kind: 'acquire' | 'commit' | 'wait' | 'release'; readonly pipe: Pipe }
/** dst[…] = src at index[…] along `axis`, or `outside`. The index holds positions on the whole axis, not in the window. */
export interface TileGather extends Stmt { readonly kind: 'gather'; readonly dst: Tile; readonly src: Param | Tile; readonly axis: Axis; readonly index: Tile; readonly outside: number }
export interface Store extends Stmt { readonly kind: 'store'; readonly dst: Param; readonly src: Tile }
export interface Copy extends Stmt { readonly kind: 'copy'; readonly dst: Tile; readonly src: Tile }
export interface Fill extends Stmt { readonly kind: 'fill'; readonly dst: Tile; readonly value: number }
/** Element-wise over dst's shape; operands are broadcast by axis name; `pos a` is a0 plus the index in the tile. `dst` may be among `args` with the same shape. */
export interface TileMap extends Stmt { readonly kind: 'map'; readonly dst: Tile; readonly fn: Scalar; readonly args: readonly Tile[] }
export interface TileReduce extends Stmt { readonly kind: 'reduce'; readonly dst: Tile; readonly op: ReduceOp; readonly axis: Axis; readonly src: Tile; readonly accumulate: boolean }
/** Memory to memory, one row per block of the grid: positions of the largest `dst.order`-many elements, ascending, ties to the lower index. */
export interface TileTopK extends Stmt { readonly kind: 'topk'; readonly dst: Param; readonly src: Param; readonly axis: Axis; readonly as: Axis }
/** dst (+)= Σ over `over` of lhs·rhs. Axes in both operands and in dst are batch axes; rows come from lhs, columns from rhs. */
export interface Mma extends Stmt { readonly kind: 'mma'; readonly dst: Tile; readonly lhs: Tile; readonly rhs: Tile; readonly over: Axis; readonly accumulate: boolean }
export interface MmaWait extends Stmt { readonly kind: 'mmaWait'; readonly pending: number }
/** `from`, `to` read `pos a` as the origin a0 of the enclosing block and `arg i` as the number in `args[i]`, an i32 tile without axes. `full` promises that every window of `axis` in it is whole. */
export interface Loop extends Stmt { readonly kind: 'loop'; readonly axis: Axis; readonly from: Scalar; readonly to: Scalar; readonly args: readonly Tile[]; readonly step: number; readonly full: boolean; readonly body: readonly TileStmt[] }
/** Uniform over the block; `pos a` is the origin a0. */
export interface When extends Stmt { readonly kind: 'when'; readonly cond: Scalar; readonly body: readonly TileStmt[] }
/** Name '' is the whole block's barrier. */
export interface Barrier extends Stmt { readonly kind: 'barrier'; readonly name: string; readonly warps: number }
export interface Roles extends Stmt { readonly kind: 'roles'; readonly roles: readonly Role[] }

export type TileStmt =
  | Load | LoadAsync | PipeStep | TileGather | Store | Copy | Fill | TileMap | TileReduce | TileTopK | Mma | MmaWait | Loop | When | Barrier | Roles;
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
  readonly schedule: Schedule;
  readonly body: readonly TileStmt[];
}
