import type { Axis, Monoid } from './expr.js';
import type { Scalar } from './scalar.js';
import type { Span } from './span.js';

/**
 * What proves that a fold equals its source (the closure theorem): per accumulator the basis φ, the transport T with
 * φ(a; r′) = T(r→r′)·φ(a; r), and its monoid. In `basis`, args 0…atoms−1 are data and the next ones the references;
 * in `transport`, the old references follow the atoms and the new ones follow those.
 */
export interface Certificate {
  readonly axis: Axis;
  readonly atoms: readonly Span[];
  readonly references: readonly Reference[];
  readonly blocks: readonly ClosureBlock[];
  readonly epilogue: readonly Scalar[];
}
export interface Reference {
  readonly name: string;
  /** Which atom this is the running max of. */
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
