import type { DType } from './dtype.js';
import type { Axis, TensorExpr } from './expr.js';
import type { Span } from './span.js';

/** How the length of an axis is known. `fixed` specialises the kernel; `dynamic` is an argument; `ragged` depends on the position on axis `by`. */
export type SizeRule =
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'ragged'; readonly by: Axis };

/**
 * A kernel parameter. `order` is its memory order, outermost first, contiguous; empty for a scalar passed by value.
 * A ragged axis stands right behind its `by` axis and the pair is packed: row `offsets[c] + k`.
 */
export interface ParamDef { readonly name: string; readonly dtype: DType; readonly order: readonly Axis[]; readonly span: Span }
/** A kernel's result: the value to store, in its memory order and dtype. */
export interface ResultDef { readonly name: string; readonly dtype: DType; readonly order: readonly Axis[]; readonly value: TensorExpr; readonly span: Span }

/** One fully specialised kernel: what the front-end hands to the passes. */
export interface KernelDef {
  readonly name: string;
  /** Which specialisation, as an identifier part, e.g. `bf16_d64`; empty when there is only one. */
  readonly variant: string;
  /** Path of the author's file, relative to the project. */
  readonly file: string;
  readonly params: readonly ParamDef[];
  readonly results: readonly ResultDef[];
  readonly sizes: Readonly<Record<Axis, SizeRule>>;
  /** Dtype parameters of the source and what they are in this variant, e.g. { E: 'bf16' }. */
  readonly dtypes: Readonly<Record<string, DType>>;
  readonly span: Span;
}
