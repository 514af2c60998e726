import type { KernelEntry } from '../../../dsl/manifest.js';
import type { Call, Case } from '../call.js';
import type { Bounds, Results } from '../reference.js';

/** One drawn case of a kernel, from which a law makes the calls it relates. */
export interface Sample { readonly kernel: string; readonly entry: KernelEntry; readonly case: Case; readonly call: Call; readonly seed: number }

/** What a law says of one result: two arrays that are equal but for rounding, or bit for bit. */
export interface Claim {
  readonly result: string;
  readonly actual: Float64Array;
  readonly expected: Float64Array;
  readonly bound: number | 'bitwise';
}

/** Calls, and what must hold between their results. */
export interface Relation {
  readonly calls: readonly Call[];
  /** What the law says of the results of the calls, in their order. `bounds` says of each call how far rounding may carry its results. */
  claims(results: readonly Results[], bounds: readonly Bounds[]): readonly Claim[];
}

/**
 * What must hold between runs of a kernel, whatever the right results are. `calls`: between several calls on one device.
 * `devices`: between devices on one call. `schedules`: between ways to divide one call's work.
 */
export type Law =
  | {
    readonly kind: 'calls'; readonly name: string;
    /** The calls that the law relates, made from a drawn one. */
    relate(sample: Sample): Relation;
  }
  | { readonly kind: 'devices'; readonly name: string }
  | { readonly kind: 'schedules'; readonly name: string; readonly processors: readonly number[] };

/** The error for a kernel that a law is not about. */
export const notAbout = (law: string, kernel: string, why: string): Error => new Error(`law ${law} is not about kernel '${kernel}': ${why}`);

/** The same result of two calls: equal within what rounding may do to both. */
export const bothRound = (result: string, bounds: readonly Bounds[]): number => bounds.reduce((all, b) => all + (b[result] ?? 0), 0);
