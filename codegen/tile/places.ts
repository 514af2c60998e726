import type { Scalar } from '../../dsl/scalar.js';
import { scalarChildren } from '../../dsl/scalar.js';
import type { Tile, TileKernel } from './ir.js';
import { statements, writes } from './walk.js';

/**
 * Blocks that run at the same time shall read the same memory: where all walk equally far, those whose rows follow each
 * other come one after another, and what they walk is in the near cache. Where a mask makes later rows walk further, blocks
 * stay in the order that the schedule asks for. Precondition: frames are chosen, regions split.
 */
export function orderPlaces(k: TileKernel): TileKernel {
  const rows = new Set((k.frame?.rows ?? []).map((a) => a.axis));
  if (k.schedule.order !== 'longestFirst' || isUneven(k)) return k;
  const isRow = (axis: string): boolean => rows.has(axis);
  return { ...k, grid: [...k.grid.filter((g) => !isRow(g.axis)), ...k.grid.filter((g) => isRow(g.axis))], schedule: { ...k.schedule, order: 'natural' } };
}

/** Whether the bounds of a loop follow from where a block's rows begin. */
function isUneven(k: TileKernel): boolean {
  const rows = (k.frame?.rows ?? []).map((a) => a.axis);
  const all = statements(k.body);
  const reads = (s: Scalar): boolean => (s.kind === 'pos' && rows.includes(s.axis)) || scalarChildren(s).some(reads);
  const follows = (t: Tile, seen: readonly Tile[] = []): boolean => all.some((s) => s.kind === 'map' && writes(s).includes(t) && (reads(s.fn) || s.args.some((a) => !seen.includes(a) && a.shape.length === 0 && follows(a, [...seen, t]))));
  return all.some((s) => s.kind === 'loop' && (reads(s.from) || reads(s.to) || s.args.some((t) => follows(t))));
}
