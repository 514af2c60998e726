import type { SizeRule } from './definition.js';
import type { DType } from './dtype.js';
import type { Axis } from './expr.js';
import type { SizeRelation } from './relations.js';

/** The contract between the compiler, which writes it, and the runtime, which only reads it. Generated `as const satisfies Manifest`. */
export interface Manifest { /** By name. */ readonly kernels: Readonly<Record<string, KernelEntry>> }

/** What kernels are compiled for. */
export type TargetName = 'cpu' | 'sm_80' | 'sm_90a';

/** A kernel: how it is called, and one variant for each specialisation and target. */
export interface KernelEntry {
  /** The author's file, relative to the project. */
  readonly source: string;
  readonly params: readonly ArgSpec[];
  readonly results: readonly ArgSpec[];
  /** Every axis: fixed sizes carry the sizes of all variants. */
  readonly sizes: Readonly<Record<Axis, AxisSpec>>;
  /** How lengths of axes that stand in no parameter and no result follow from others; absent where none does. */
  readonly follows?: readonly SizeRelation<Axis>[];
  readonly variants: readonly Variant[];
}
/** `dtype` is a dtype or the name of a dtype parameter whose value the variant gives. `order` is the memory order; empty: a scalar by value. */
export interface ArgSpec { readonly name: string; readonly dtype: string; readonly order: readonly Axis[] }
/** How the length of an axis is known to the caller. */
export type AxisSpec = Exclude<SizeRule, { kind: 'fixed' }> | { readonly kind: 'fixed'; readonly sizes: readonly number[] };

/** One specialisation for one target. */
export interface Variant {
  readonly variant: string;
  readonly target: TargetName;
  readonly dtypes: Readonly<Record<string, DType>>;
  readonly fixed: Readonly<Record<Axis, number>>;
  /** Shapes this variant is for: all bounds hold. Of several variants that fit a call the first serves it; absent: any shape. */
  readonly serves?: readonly SizeBound[];
  /** An axis that several blocks share; absent where none is. */
  readonly split?: SplitSpec;
  /** Memory the launches hand to each other; the runtime allocates it per call. Elements: the product of the sizes. */
  readonly scratch: readonly ScratchSpec[];
  readonly launches: readonly LaunchSpec[];
  /** First hex digits of the certificates' hashes, as the generated headers quote them. */
  readonly certificates: readonly string[];
}
/** The product of the lengths of `axes` is at most `atMost`. */
export interface SizeBound { readonly axes: readonly Axis[]; readonly atMost: number }
/**
 * `of` is walked by as many blocks as the runtime finds best for the device; each takes one position on `axis`, an axis of
 * its own that is as long as there are parts: at most ceil(length of `of` / step), at least 1. Arguments, scratch and grids
 * name `axis` like any other. `blocksPerProcessor`: how many blocks of the first launch run on one multiprocessor at a time.
 */
export interface SplitSpec { readonly axis: Axis; readonly of: Axis; readonly step: number; readonly blocksPerProcessor: number }
/** Memory between launches, by the name that arguments refer to. */
export interface ScratchSpec { readonly name: string; readonly dtype: DType; readonly order: readonly Axis[] }

/** Arguments that a launch takes at most. */
export const mostArgs = 64;

/**
 * One compiled function. CPU: `extern "C" void symbol(void* const* args)`, the grid is inside. CUDA: a kernel, `args`
 * are its parameters in order, the grid is Π ceil(size/block) flattened, last axis fastest. In both, args[i] points at
 * the argument's value: a pointer for tensors, offsets and scratch; the number itself for scalars and sizes (i32).
 */
export interface LaunchSpec {
  readonly symbol: string;
  /** Under kernels-generated/. */
  readonly file: string;
  /** Where the kernel's `source` says what the launch computes: the line of its first result's expression. */
  readonly line: number;
  readonly args: readonly ArgRef[];
  readonly grid: readonly GridAxis[];
  readonly threads: number;
  readonly sharedBytes: number;
  /** Blocks walk the grid themselves: no more are launched than the device runs at a time. Absent: one block for each place in the grid. */
  readonly persistent?: true;
  /** It waits itself until the launch in front of it has ended, where the GPU can let it begin before that (compute capability 9.0). */
  readonly awaits?: true;
}
/** Where the value of an argument comes from. */
export type ArgRef =
  | { readonly kind: 'param' | 'result' | 'scratch'; readonly name: string }
  /** i32 prefix sums of a ragged axis, one more than its `by` axis is long. */
  | { readonly kind: 'offsets'; readonly axis: Axis }
  /** The length of a dynamic axis; of a ragged one, its longest. */
  | { readonly kind: 'size'; readonly axis: Axis }
  | MapRef;
/**
 * How the copy engine finds boxes in a parameter or result: a tensor map of its memory (`CUtensorMap`), by value. `order`: the
 * axes of memory, outermost first, without those that the length of a ragged one depends on, which is as long as all its
 * parts together; `box`: positions that one copy takes on each. Swizzled by 128 bytes, which the innermost box is long;
 * elements beyond the memory read as 0.
 */
export interface MapRef { readonly kind: 'map'; readonly name: string; readonly order: readonly Axis[]; readonly box: readonly number[] }
/** An axis cut into blocks of `block` positions. */
export interface GridAxis { readonly axis: Axis; readonly block: number }
