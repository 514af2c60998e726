import type { TensorExpr } from '../../dsl/expr.js';
import type { Scalar } from '../../dsl/scalar.js';
import type { Cascade } from './cascade.js';
import type { Classes } from './classes.js';
import type { Sum } from './parts.js';
import type { Place } from './refuse.js';
import type { Table } from './table.js';

/**
 * A data atom restated relative to a reference: `powers` also outside exponents. The reference is that of `base`, and the
 * atom is `unit`·base: a reference in base 2 has unit ln 2.
 */
export interface Shift { readonly reference: number; readonly powers: boolean; readonly base: number; readonly unit: number }
/** An author's expression that is `unit` times a reference of the fold. */
export interface Alias { readonly reference: number; readonly unit: number }
/** What the normal form of one cascade is made with. */
export interface Normalizer {
  readonly cascade: Cascade;
  readonly table: Table;
  readonly classes: Classes;
  /** By data atom. */
  readonly shifts: ReadonlyMap<number, Shift>;
  /** The fold's reference that an author's reduction (or a floor under it) is, by the scalar's key. */
  readonly references: ReadonlyMap<string, Alias>;
  /** Keys of atoms whose max the author takes: literal factors of these stay outside the atom. */
  readonly authors: ReadonlySet<string>;
}

/** Scalar code in its map. */
export interface Frame {
  readonly n: Normalizer;
  readonly args: readonly TensorExpr[];
  /** Normal form of an operand, and of scalar code in a frame. */
  readonly tensor: (e: TensorExpr) => Sum;
  readonly scalar: (s: Scalar, f: Frame) => Sum;
}

export const placeOf = (f: Frame): Place => ({ args: f.args, roles: f.n.cascade.roles });
