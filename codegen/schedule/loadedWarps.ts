import type { AxisFacts, Choice, LaunchFacts } from './model.js';
import { type RowCount, rowsOf, rowsOfProduct, warpSchedule } from './warps.js';

/**
 * Bytes that a block has under way or computes with: three blocks of one warp find room on a multiprocessor, and memory is never
 * idle. A block of several takes the registers of one, and while it computes with a window as much as two must be on its way.
 */
const underWay = { one: 64 * 1024, several: 96 * 1024 } as const;

/**
 * Schedules for a handful of rows, the best first. Such a block waits for memory more than it computes, so one thread sends
 * for windows far ahead. None where a walked operand is computed: what it is computed from may come in no boxes.
 */
export function loadedWarps(facts: LaunchFacts, rows: Exclude<RowCount, 'long'>): readonly Choice[] {
  const isChained = facts.axes.some((a) => a.part === 'chain');
  if (!isChained && (facts.computed > 0 || !rowsOfProduct(facts))) return [];
  // One warp alone does not keep up with what memory brings to chained products; four do, most of their rows empty. Where the
  // tile between the products meets more from memory, empty rows cost more than that: blocks of one warp, side by side.
  const isWide = isChained && (rows === 'short' || (rows === 'few' && facts.alongChain === 0));
  const { schedule, reasons } = warpSchedule(facts, isWide ? 'short' : rows);
  const narrow = isChained ? [] : facts.axes.flatMap(narrowed);
  const block = { ...schedule.block, ...Object.fromEntries(narrow.map(([axis, size]) => [axis, size])) };
  const stages = Math.min(8, Math.max(2, Math.floor(underWay[isWide ? 'several' : 'one'] / windowBytes(facts, block, isChained))));
  return [{
    schedule: { ...schedule, block, stages, roles: { by: 'warps' } },
    reasons: [...reasons, ...narrow.map(([axis, size, why]) => `${axis} ${size}: ${why}`), `one thread loads, ${stages} windows ahead: they take no registers and no turns of the warps`],
  }];
}

/** Blocks of a contraction are so narrow that a device is full of them, and make up for it in length. */
function narrowed(a: AxisFacts): readonly (readonly [axis: string, size: number, why: string])[] {
  const size = a.part === 'edge' && a.isInnermost ? rowsOf.few : a.part === 'contracted' && a.kind === 'loop' ? 256 : undefined;
  return size === undefined ? [] : [[a.axis, a.fixed === undefined ? size : Math.min(size, a.fixed), a.part === 'edge' ? 'as narrow as a product is: more blocks wait for memory at a time' : 'walked and contracted; long windows of few columns']];
}

/** Bytes of what a turn of the walk reads. */
function windowBytes(facts: LaunchFacts, block: Readonly<Record<string, number>>, isChained: boolean): number {
  const length = (part: AxisFacts['part'], isInnermost: boolean): number => facts.axes.filter((a) => a.part === part && a.isInnermost === isInnermost).reduce((n, a) => n * (block[a.axis] ?? a.fixed ?? 1), 1);
  const walked = facts.axes.find((a) => a.kind === 'loop' && (a.part === 'chain' || a.part === 'contracted'));
  const depth = Math.max(1, ...facts.axes.map((a) => (a.part === 'contracted' && a !== walked ? a.fixed ?? 1 : 1)));
  // Columns that stand beside the edge are operands of their own.
  const parts = facts.axes.filter((a) => a.kind === 'tile' && a.part === 'plain').reduce((n, a) => n * (a.fixed ?? 1), 1);
  const beside = isChained ? facts.products * depth : length('edge', false) + facts.products * parts * length('edge', true);
  return facts.bytes * beside * (walked ? block[walked.axis] ?? 1 : 1);
}
