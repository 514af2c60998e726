import type { Axis } from '../../dsl/expr.js';

/**
 * How a launch is cut up: data, chosen by model or table, never inferred from text. `block` holds the block size of
 * every grid axis and every loop axis; an axis it does not name is 1 on the grid and whole inside a tile.
 */
export interface Schedule {
  readonly block: Readonly<Record<Axis, number>>;
  readonly warps: number;
  /** How many blocks a multiprocessor is meant to run at a time; what the register allocation is held to. */
  readonly blocksPerProcessor: number;
  /** Depth of the ring between loads and math; 1 means plain loads. */
  readonly stages: number;
  /** Blocks that share one row's keys; 1 means no split. */
  readonly splits: number;
  readonly roles: 'uniform' | Products;
  readonly overlap: 'none' | 'pingPong' | 'insideWarpgroup';
  /** In which order blocks start. `grouped`: those of a few rows of blocks together, so that what runs at a time shares more of both operands. `resident`: those that walk the same memory together, as much of it at a time as the cache holds, of these the longest first. */
  readonly order: 'natural' | 'longestFirst' | 'grouped' | 'resident';
  readonly persistent: boolean;
}

/**
 * Who makes the products of a block of which one thread loads: warpgroups, whose threads have other `registers` than the one
 * that loads, and room in them for a left operand that stays where they `hold` it; or warps each for itself.
 */
export type Products = { readonly by: 'warpgroups'; readonly consumers: 1 | 2 | 3; readonly registers: readonly [load: number, math: number]; readonly holds?: true } | { readonly by: 'warps' };

/** What of a schedule is chosen for a launch; the rest of it is the same for all that is generated so far. */
export type ScheduleChoice = Pick<Schedule, 'block' | 'warps' | 'blocksPerProcessor' | 'stages' | 'order'>;
