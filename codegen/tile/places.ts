import type { Scalar } from '../../dsl/scalar.js';
import { scalarChildren } from '../../dsl/scalar.js';
import type { Loop, Tile, TileKernel } from './ir.js';
import { statements } from './walk.js';

/**
 * Blocks that run at the same time shall read the same memory: where all walk equally far, those whose rows follow each
 * other come one after another, and what they walk is in the near cache. Where a mask makes later rows walk further, blocks
 * stay in the order that the schedule asks for; where it makes them begin later, all blocks of the first rows come first.
 * Precondition: frames are chosen, regions split.
 */
export function orderPlaces(k: TileKernel): TileKernel {
  const rows = new Set((k.frame?.rows ?? []).map((a) => a.axis));
  if (!['longestFirst', 'resident'].includes(k.schedule.order) || followsRows(k, (s) => s.to)) return k;
  const [own, others] = [k.grid.filter((g) => rows.has(g.axis)), k.grid.filter((g) => !rows.has(g.axis))];
  return { ...k, grid: followsRows(k, (s) => s.from) ? [...own, ...others] : [...others, ...own], schedule: { ...k.schedule, order: 'natural' } };
}

/** Whether a bound of a loop follows from where a block's rows begin. */
function followsRows(k: TileKernel, bound: (s: Loop) => Scalar): boolean {
  const rows = (k.frame?.rows ?? []).map((a) => a.axis);
  const all = statements(k.body);
  const reads = (s: Scalar, args: readonly Tile[], seen: readonly Tile[] = []): boolean =>
    (s.kind === 'pos' && rows.includes(s.axis)) || (s.kind === 'arg' && args[s.index]?.shape.length === 0 && follows(args[s.index], seen)) || scalarChildren(s).some((c) => reads(c, args, seen));
  const follows = (t: Tile | undefined, seen: readonly Tile[]): boolean => t !== undefined && !seen.includes(t) && all.some((s) => s.kind === 'map' && s.dst === t && reads(s.fn, s.args, [...seen, t]));
  return all.some((s) => s.kind === 'loop' && reads(bound(s), s.args));
}
