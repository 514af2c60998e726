import type { Certificate } from './certificate.js';
import type { DType } from './dtype.js';
import type { Scalar } from './scalar.js';
import type { Span } from './span.js';

/** An axis is its name. Operands meet by name; order exists only on parameters and results. */
export type Axis = string;
/** What joins the elements along an axis; of none: 0, −∞, +∞. */
export type ReduceOp = 'sum' | 'max' | 'min';
/** What joins two parts of a fold's state. A top-k state is a pair (values, positions). */
export type Monoid = ReduceOp | 'topk';

interface Node {
  readonly dtype: DType;
  /** A set, written in order of first appearance. */
  readonly axes: readonly Axis[];
  readonly span: Span;
}
/** A parameter of the kernel, by name. */
export interface Input extends Node { readonly kind: 'input'; readonly name: string }
/** `fn` at every element; operand i is `arg i`, broadcast by name. Without operands: tabulate. Yields f32, or i32 when `fn` is integral. */
export interface MapExpr extends Node { readonly kind: 'map'; readonly fn: Scalar; readonly args: readonly TensorExpr[] }
/** Inside a fold, a reduction over the fold's axis means "this block". */
export interface Reduce extends Node { readonly kind: 'reduce'; readonly op: ReduceOp; readonly axis: Axis; readonly arg: TensorExpr }
/** Σ over one axis of lhs·rhs, accumulated in f32. */
export interface Dot extends Node { readonly kind: 'dot'; readonly over: Axis; readonly lhs: TensorExpr; readonly rhs: TensorExpr }
/** `from` at `index` along `axis`; `outside` where the index falls outside. Axes both have meet by name. */
export interface Gather extends Node { readonly kind: 'gather'; readonly axis: Axis; readonly from: TensorExpr; readonly index: TensorExpr; readonly outside: number }
/** Positions of the largest elements along `axis`, ascending, ties to the lower index; how many is the size of axis `as` (`count`: a literal or that size). */
export interface TopK extends Node { readonly kind: 'topk'; readonly axis: Axis; readonly count: Scalar; readonly as: Axis; readonly arg: TensorExpr }
/** The same elements under other axes; nothing moves. */
export interface Reaxis extends Node { readonly kind: 'reaxis'; readonly how: ReaxisHow; readonly arg: TensorExpr }
/** The only rounding: to `dtype`. */
export interface Cast extends Node { readonly kind: 'cast'; readonly arg: TensorExpr }
/** A state or reference of the enclosing fold: its old value inside `next`, `moved` and `block`, its last value inside `result`. */
export interface Carry extends Node { readonly kind: 'carry'; readonly name: string }
/** Walks `loop.axis` in blocks and yields `result` of the last states. Folds that share one `loop` object are one loop with several results. */
export interface Fold extends Node { readonly kind: 'fold'; readonly loop: FoldLoop; readonly result: TensorExpr }

/** References move first (`next`, by identity the *new* value where `moved` and `block` read it), then every state becomes `moved ⊕ block`, all from old values. */
export interface FoldLoop {
  readonly axis: Axis;
  readonly references: readonly FoldReference[];
  readonly states: readonly FoldState[];
  readonly certificate: Certificate;
}
/** A running max or min that other states are stated relative to. */
export interface FoldReference { readonly carry: Carry; readonly start: number; readonly next: TensorExpr }
/** An accumulator of a fold: `init` before the first block, then `moved` (its old value under the new references) joined with `block`. */
export interface FoldState {
  readonly carry: Carry;
  readonly monoid: Monoid;
  readonly init: number;
  readonly moved: TensorExpr;
  readonly block: TensorExpr;
}

/** How axes change. In a pair, position = outer · size + inner. */
export type ReaxisHow =
  | { readonly kind: 'rename'; readonly from: Axis; readonly to: Axis }
  | { readonly kind: 'split'; readonly from: Axis; readonly outer: Axis; readonly inner: Axis; readonly size: number }
  | { readonly kind: 'merge'; readonly outer: Axis; readonly inner: Axis; readonly size: number; readonly to: Axis };

/** The tensor graph: what is computed, not how. */
export type TensorExpr = Input | MapExpr | Reduce | Dot | Gather | TopK | Reaxis | Cast | Carry | Fold;
