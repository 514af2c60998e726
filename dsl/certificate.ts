import type { Axis, Monoid } from './expr.js';
import type { Scalar } from './scalar.js';
import type { Span } from './span.js';

/**
 * What proves that a fold equals its source (the closure theorem): per accumulator the basis φ, the transport T with
 * φ(a; r′) = T(r→r′)·φ(a; r), and its monoid. In `basis`, args 0…atoms−1 are data and the next ones the references;
 * in `transport`, the old references follow the atoms and the new ones follow those; in `epilogue`, one per result, the
 * references come first, then the states in the order of the loop, then whatever else the result reads.
 */
export interface Certificate {
  readonly axis: Axis;
  readonly atoms: readonly Span[];
  readonly references: readonly Reference[];
  readonly blocks: readonly ClosureBlock[];
  readonly epilogue: readonly Scalar[];
}
/** What the states of a fold are relative to: a number that moves as the fold walks its axis. */
export interface Reference {
  readonly name: string;
  /** Running max or running mean of an atom. A mean centres powers and bounds nothing. */
  readonly rule: 'max' | 'mean';
  readonly atom: number;
  readonly start: number;
  /** Upper bound of exponent − reference, in the exponent's units. */
  readonly slack: number;
  readonly origin: 'author' | 'introduced';
}
/** One accumulator of dimension p: `basis` has p entries, `transport` is p×p, row-major. */
export interface ClosureBlock {
  readonly name: string;
  readonly monoid: Monoid;
  readonly basis: readonly Scalar[];
  readonly transport: readonly (readonly Scalar[])[];
}
