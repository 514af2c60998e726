import type { Axis } from '../../dsl/expr.js';
import type { Frame, Mma, Tile, TileAxis } from './ir.js';

/** Axes of a tile that have an extent, outermost first. */
export const extended = (t: Tile): readonly TileAxis[] => t.shape.filter((a) => a.size > 1);

/** How many elements some axes have together. */
export const extentOf = (axes: readonly { readonly size: number }[]): number => axes.reduce((n, a) => n * a.size, 1);

/** A tile's axes as its frame sees them: those that make up its rows, in the frame's order, and its columns, outermost first. */
export interface Sides { readonly rows: readonly TileAxis[]; readonly columns: readonly TileAxis[] }

export function sidesOf(t: Tile, frame: Pick<Frame, 'rows'>): Sides {
  const all = extended(t);
  return {
    rows: frame.rows.filter((r) => all.some((a) => a.axis === r.axis)),
    columns: all.filter((a) => !frame.rows.some((r) => r.axis === a.axis)),
  };
}

/** Whether every warp holds all columns of a tile. */
export function isWhole(t: Tile, frame: Pick<Frame, 'rows' | 'whole'>): boolean {
  const { columns } = sidesOf(t, frame);
  return columns.length > 0 && columns.every((a) => frame.whole.includes(a.axis));
}

/** How a product is made in a frame: the operand that has the rows, and the one that has the columns. */
export interface Factors { readonly left: Tile; readonly right: Tile }

/** The factors of a product whose rows are the frame's; undefined where neither operand has just those. */
export function factorsOf(s: Mma, frame: Pick<Frame, 'rows'>): Factors | undefined {
  const free = (t: Tile): readonly Axis[] => extended(t).map((a) => a.axis).filter((a) => a !== s.over);
  const isRows = (t: Tile): boolean => free(t).length === frame.rows.length && free(t).every((a) => frame.rows.some((r) => r.axis === a));
  const disjoint = !free(s.lhs).some((a) => free(s.rhs).includes(a));
  if (!disjoint || s.lhs === s.rhs) return undefined;
  if (isRows(s.lhs)) return { left: s.lhs, right: s.rhs };
  return isRows(s.rhs) ? { left: s.rhs, right: s.lhs } : undefined;
}

/** A tile as a matrix in memory: all axes but the last group are its rows. `over` is one of the two groups, whole. */
export interface MatrixAxes { readonly outer: readonly TileAxis[]; readonly inner: readonly TileAxis[] }

/** The two groups of a product's operand around its contracted axis; undefined where that axis stands in the middle. */
export function matrixAxes(t: Tile, over: Axis): MatrixAxes | undefined {
  const all = extended(t);
  const i = all.findIndex((a) => a.axis === over);
  if (i < 0) return undefined;
  if (i === all.length - 1) return { outer: all.slice(0, i), inner: all.slice(i) };
  return i === 0 ? { outer: all.slice(0, 1), inner: all.slice(1) } : undefined;
}
