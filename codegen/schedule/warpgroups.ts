import { mostParts } from '../tile/parts.js';
import type { AxisFacts, Choice, LaunchFacts } from './model.js';
import type { Schedule } from './schedule.js';
import { loadedWarps } from './loadedWarps.js';
import type { RowCount } from './warps.js';

/** Rows of a warpgroup's products. */
const groupRows = 64;
/** Positions of a window along a walked edge. */
const longWalk = 128;
/** Registers of a thread that loads and of one that computes, by the number of warpgroups that compute: what 65,536 allow. */
const registersOf: Readonly<Record<1 | 2 | 3, readonly [load: number, math: number]>> = { 1: [40, 240], 2: [24, 240], 3: [32, 160] };

/** How blocks of warpgroups cut a launch: how many of them compute, how deep rings are, and sizes with reasons. */
interface Plan {
  readonly consumers: 1 | 2 | 3;
  readonly stages: number;
  readonly overlap: Schedule['overlap'];
  readonly persistent: boolean;
  /** Whether a left operand that stays stands in registers. */
  readonly holds?: true;
  readonly size: (a: AxisFacts) => readonly [size: number, why: string];
}

/**
 * Schedules for blocks of which some warpgroups compute and one loads, the best first; none where products are few or not of
 * 16-bit numbers. `isShared`: blocks share the walked axis, since their rows are few for a device.
 */
export function groupSchedules(facts: LaunchFacts, rows: RowCount, isShared = false): readonly Choice[] {
  if (facts.bytes !== 2 || facts.products === 0) return [];
  if (rows !== 'long') return loadedWarps(facts, rows);
  const isChained = facts.axes.some((a) => a.part === 'chain');
  const isContracted = facts.axes.some((a) => a.part === 'contracted' && a.kind === 'loop');
  const plans = isChained ? chained(facts, isShared) : isContracted ? contracting(facts) : walking(facts);
  return plans.map((p) => choiceOf(facts, p, isChained || !isContracted));
}

/** `isUneven`: masks may make some blocks longer than others. */
function choiceOf(facts: LaunchFacts, { consumers, stages, overlap, persistent, holds, size }: Plan, isUneven: boolean): Choice {
  const chosen = facts.axes.filter((a) => a.kind !== 'tile').map((a) => {
    const [wanted, why] = size(a);
    return { axis: a.axis, size: a.fixed === undefined ? wanted : Math.min(wanted, Math.max(1, a.fixed)), why };
  });
  return {
    schedule: {
      block: Object.fromEntries(chosen.map((c) => [c.axis, c.size])), warps: 4 * consumers, blocksPerProcessor: 1, stages, splits: 1,
      roles: { by: 'warpgroups', consumers, registers: registersOf[consumers], ...(holds ? { holds } : {}) }, overlap, order: isUneven ? 'resident' : 'grouped', persistent,
    },
    reasons: [
      ...chosen.map((c) => `${c.axis} ${c.size}: ${c.why}`), `${consumers} warpgroups compute, one thread loads, ${stages} stages`,
      ...(holds ? ['what all windows are multiplied with stands in registers: shared memory is read less'] : []),
      ...(overlap === 'none' ? [] : ['a window\'s first products run beside the last ones of the window before it']),
      isUneven ? 'resident: blocks that walk the same memory run together, as much of it as the cache holds; of these the longest first, since masks make some longer' : 'grouped: blocks that run at a time share rows and columns',
      ...(persistent ? ['blocks walk the grid: the next place is loaded while the last one is stored'] : []),
    ],
  };
}

const depthOf = (facts: LaunchFacts): number => Math.max(1, ...facts.axes.map((a) => (a.part === 'contracted' ? a.fixed ?? 1 : 1)));

/** Products that follow each other: the tile between them, its operand form and the accumulators fill a thread's registers. */
function chained(facts: LaunchFacts, isShared: boolean): readonly Plan[] {
  const depth = depthOf(facts);
  const plan = (consumers: 2 | 3, chain: number, stages: number, overlap: Plan['overlap'] = 'insideWarpgroup'): Plan => ({
    consumers, stages, overlap, persistent: false,
    size: (a) => {
      if (a.part === 'edge') return [consumers * groupRows, 'rows of chained products, a warpgroup has 64 of them'];
      if (a.part === 'chain') return [chain, 'walked; yielded by one product and contracted by the next, as wide as registers hold'];
      return [1, 'one at a time'];
    },
  });
  // What meets the tile between the products along the walked axis asks for registers that three warpgroups do not leave.
  if (facts.alongChain > 0 && depth <= 128) return [plan(2, 128, 2), plan(2, 64, 2)];
  // Rows that are few are often a power of two: 256 fill two blocks of 128, and two of 192 by two thirds.
  if (isShared && depth <= 128) return [{ ...plan(2, 128, 2), holds: true }, plan(2, 128, 2), plan(2, 64, 2)];
  // In order, what stands between the products has the registers of the next ones.
  if (depth <= 64) return [plan(3, 128, 2), plan(3, 128, 2, 'none'), plan(2, 128, 2)];
  // Three warpgroups drift apart by themselves; two need their products to overlap with what else they do.
  return depth <= 128 ? [plan(3, 128, 2, 'none'), plan(2, 128, 2), plan(2, 64, 2)] : [plan(2, 80, 2), plan(2, 64, 2), plan(2, 32, 2)];
}

/** A walked contraction: accumulators of 64 × 256 in all fill a warpgroup's registers. */
function contracting(facts: LaunchFacts): readonly Plan[] {
  const edges = facts.axes.filter((a) => a.part === 'edge');
  if (edges.length !== 2 || edges.some((a) => a.kind !== 'grid')) return [];
  const width = facts.products > 1 ? 128 : 256;
  // Columns that one position of an outer axis of the same side has, all parts together.
  const inner = facts.axes.filter((a) => a.kind === 'tile' || (a.part === 'edge' && a.isInnermost)).reduce((n, a) => n * (a.fixed ?? width), 1);
  const plan = (columns: number, stages: number): Plan => ({
    consumers: 2, stages, overlap: 'none', persistent: true,
    size: (a) => {
      if (a.part === 'edge') return a.isInnermost ? [columns, 'an edge of a product; its accumulators fill the registers'] : [2 * groupRows, 'an edge of a product, a warpgroup has 64 of it'];
      if (a.part === 'contracted') return [64, 'walked and contracted; whole lines of memory'];
      if (a.part === 'minorEdge' && columns >= 2 * inner) return [Math.min(mostParts, Math.floor(columns / inner)), 'beside the edge: together they fill the registers'];
      return [1, 'one at a time'];
    },
  });
  return [plan(width, width === 256 ? 3 : 4), plan(128, 3)];
}

/**
 * A product over a short fixed axis whose one edge is walked: the other operand stays, and what is made of the elements is
 * most of the work. Many positions are walked where an earlier launch had them as rows; elsewhere often a handful.
 */
function walking(facts: LaunchFacts): readonly Plan[] {
  const edges = facts.axes.filter((a) => a.part === 'edge');
  const [walked, more] = edges.filter((a) => a.kind === 'loop');
  if (edges.length !== 2 || !walked || more || facts.products > 1 || facts.computed > 0 || !facts.between.includes(walked.axis) || (walked.fixed ?? longWalk) < longWalk) return [];
  const plan = (consumers: 2 | 3, stages: number): Plan => ({
    consumers, stages, overlap: 'none', persistent: false,
    size: (a) => {
      if (a.part !== 'edge') return [1, 'one at a time'];
      return a.kind === 'loop' ? [longWalk, 'a walked edge of products; as wide as registers hold'] : [consumers * groupRows, 'an edge of products, a warpgroup has 64 of it'];
    },
  });
  return depthOf(facts) <= 128 ? [plan(3, 4), plan(3, 2), plan(2, 2)] : [plan(2, 2)];
}
