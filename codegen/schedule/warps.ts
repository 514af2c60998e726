import type { AxisFacts, Choice, LaunchFacts } from './model.js';

/**
 * How many rows a variant is made for. `long`: blocks of many rows each. `short` and `few`: all rows of a group in one
 * block, up to 64 or up to 16, so that what they share is read once. `one`: a single row of a product, whose other operand is
 * read once and from memory straight to registers.
 */
export type RowCount = 'long' | 'short' | 'few' | 'one';

/** Rows that a block of a variant for less than many rows holds. */
export const rowsOf: Readonly<Record<Exclude<RowCount, 'long'>, number>> = { short: 64, few: 16, one: 1 };

/** Sizes of blocks that warps work on, and in words why. */
interface Plan {
  readonly warps: number;
  readonly stages: number;
  readonly size: (a: AxisFacts) => readonly [size: number, why: string];
}

/** The schedule that the analytic model prefers for warps that share a small fast memory, before it is held against that memory. */
export function warpSchedule(facts: LaunchFacts, rows: RowCount): Choice {
  const { warps, stages, size } = planOf(facts, rows);
  const chosen = facts.axes.filter((a) => a.kind !== 'tile').map((a) => {
    const [wanted, why] = size(a);
    return { axis: a.axis, size: a.fixed === undefined ? wanted : Math.min(wanted, Math.max(1, a.fixed)), why };
  });
  const chained = has(facts, 'chain');
  const plane = facts.axes.filter((a) => a.kind === 'grid' && a.part === 'edge').length === 2 && facts.axes.some((a) => a.part === 'contracted' && a.kind === 'loop');
  return {
    schedule: {
      block: Object.fromEntries(chosen.map((c) => [c.axis, c.size])), warps, blocksPerProcessor: 1, stages, splits: 1,
      roles: 'uniform', overlap: 'none', order: chained ? 'longestFirst' : plane ? 'grouped' : 'natural', persistent: false,
    },
    reasons: [...chosen.map((c) => `${c.axis} ${c.size}: ${c.why}`), `${warps} warps, ${stages} stages`, ...(plane ? ['grouped: blocks that run at a time share rows and columns'] : []), ...(chained ? ['longest first: masks make later rows longer, and a long block must not come last'] : [])],
  };
}

const has = (facts: LaunchFacts, part: AxisFacts['part']): boolean => facts.axes.some((a) => a.part === part);

function planOf(facts: LaunchFacts, rows: RowCount): Plan {
  if (has(facts, 'chain')) return chained(facts, rows);
  if (rows === 'one') return single(facts);
  if (facts.axes.some((a) => a.part === 'contracted' && a.kind === 'loop')) return rows === 'few' && rowsOfProduct(facts) ? fewRows(facts) : contracting(facts);
  return facts.products > 0 ? thin(facts) : has(facts, 'parts') && has(facts, 'joined') && rows === 'long' ? joining() : elementwise(facts);
}

/** Whether products run on tensor cores, and how long the fixed axis is that they contract or yield. */
const halves = (facts: LaunchFacts): boolean => facts.bytes === 2;
const depthOf = (facts: LaunchFacts): number => Math.max(1, ...facts.axes.map((a) => (a.part === 'contracted' ? a.fixed ?? 1 : 1)));

/** Products that follow each other: the tile between them stays in registers, so a warp has whole rows. */
function chained(facts: LaunchFacts, rows: RowCount): Plan {
  const wide = !halves(facts) || depthOf(facts) > 128;
  const packed = rows !== 'long' && has(facts, 'minorEdge') ? packedRows(facts, rows) : 1;
  const edge = rows !== 'long' ? Math.floor(rowsOf[rows] / packed) : wide ? 64 : 128;
  // Beside 128 rows of 128 accumulators there is no room for more than the tile between the products.
  const isTight = rows === 'long' && facts.alongChain > 0 && depthOf(facts) > 64;
  const chain = halves(facts) ? (depthOf(facts) > 128 ? 32 : isTight ? 48 : 64) : depthOf(facts) > 64 ? 16 : 32;
  return {
    warps: 4, stages: 2,
    size: (a) => {
      switch (a.part) {
        case 'edge': return [edge, 'rows of chained products; the tile between them stays in registers'];
        case 'minorEdge': return packed > 1 ? [packed, 'rows that read the same columns stand in one block'] : [1, 'a further axis of the same edge; one at a time'];
        case 'chain': return [chain, 'walked; yielded by one product and contracted by the next, as wide as registers hold'];
        default: return one(a);
      }
    },
  };
}

/** How many positions of the minor edge stand in a block: four, or as many as a block of few rows holds beside an edge of known length. */
function packedRows(facts: LaunchFacts, rows: Exclude<RowCount, 'long'>): number {
  const edge = facts.axes.find((a) => a.part === 'edge' && a.kind === 'grid')?.fixed;
  if (edge === undefined || edge > rowsOf.few) return 4;
  const beside = Math.max(1, Math.floor(rowsOf.few / edge));
  return rows === 'few' ? beside : Math.max(4, beside);
}

/** A walked contraction: both edges as long as the accumulators allow. */
function contracting(facts: LaunchFacts): Plan {
  const long = halves(facts) ? 128 : 64;
  const walked = facts.axes.some((a) => a.part === 'edge' && a.kind === 'loop');
  // What else an accumulator's thread holds: more accumulators, an operand, or what they meet in the end. More warps hold less each.
  const heavy = !walked && facts.products + facts.beside + facts.computed > 1;
  return {
    warps: heavy && halves(facts) ? 8 : 4, stages: 3,
    size: (a) => {
      if (a.part === 'edge' && a.isInnermost && facts.products > 1 && facts.computed > 0) return [64, 'an edge of products; their accumulators and an operand fill the registers'];
      if (a.part === 'edge') return [long, 'an edge of a product; its accumulators fill the registers'];
      if (a.part === 'contracted') return [halves(facts) ? 64 : 16, 'walked and contracted; whole lines of memory, and several windows under way at a time'];
      return one(a);
    },
  };
}

/** The rows of a launch that is one walked contraction or several of the same edges: the edge on the grid that is not innermost in the result; undefined where there is no such. */
export function rowsOfProduct(facts: LaunchFacts): AxisFacts | undefined {
  const edges = facts.axes.filter((a) => a.part === 'edge');
  const isOne = !has(facts, 'chain') && facts.axes.some((a) => a.part === 'contracted' && a.kind === 'loop') && edges.length === 2 && edges.every((a) => a.kind === 'grid');
  return isOne && edges.some((a) => a.isInnermost) ? edges.find((a) => !a.isInnermost && a.fixed === undefined) : undefined;
}

/** A walked contraction of a handful of rows waits for the other operand: long windows of it, many under way, and blocks as narrow as warps side by side. */
function fewRows(facts: LaunchFacts): Plan {
  // An operand that is computed stands in registers, one window of it in every warp.
  const [windows, length] = facts.computed > 0 ? [6, 64] : [4, 128];
  return {
    warps: 4, stages: windows,
    size: (a) => {
      if (a.part === 'edge') return a.isInnermost ? [64, 'an edge of a product of few rows; more blocks wait for memory at a time'] : [rowsOf.few, 'all rows there are'];
      if (a.part === 'contracted') return [halves(facts) ? length : length / 4, 'walked and contracted; long windows are under way at a time'];
      return one(a);
    },
  };
}

/** A single row times a matrix waits for the matrix alone: warps with a line of it each, whole vectors of many under way in every lane. */
function single(facts: LaunchFacts): Plan {
  const lines = 512;
  // Lines that a position of the edge has of its own, of an axis that every block has whole.
  const each = facts.axes.reduce((n, a) => (a.kind === 'tile' && a.part === 'plain' ? n * (a.fixed ?? 1) : n), 1);
  return {
    // Every multiprocessor has three such blocks at least, with two windows of them under way: more than memory answers meanwhile.
    warps: 4, stages: facts.products > 1 ? 3 : 4,
    size: (a) => {
      if (a.part === 'edge') return a.isInnermost ? [Math.max(1, Math.floor(8 / each)), 'lines of the matrix, two to a warp'] : [1, 'the row there is'];
      if (a.part === 'contracted') return [halves(facts) ? lines : lines / 2, 'walked and contracted; whole vectors under way in every lane'];
      return one(a);
    },
  };
}

/** Products over a short fixed axis, of which one edge may be walked: often a handful of rows. */
function thin(facts: LaunchFacts): Plan {
  const walked = facts.axes.some((a) => a.part === 'edge' && a.kind === 'loop');
  // Next to a walked edge a block waits more than it computes: few large blocks wait less often.
  const edge = !halves(facts) ? 64 : walked ? 256 : 128;
  return { warps: edge / 32, stages: walked ? 1 : 2, size: (a) => {
    if (a.part === 'minorEdge' && a.kind === 'loop') return [4, 'walked beside the thin edge; both make up the columns'];
    if (a.part !== 'edge') return one(a);
    return a.kind === 'loop' ? [8, 'a walked edge of thin products; often only a few positions long'] : [edge, 'an edge of a product'];
  } };
}

/** Memory to memory: whole vectors along what lies side by side, a few rows to pay for the start of a block. */
function elementwise(facts: LaunchFacts): Plan {
  const gathers = facts.axes.some((a) => a.part === 'plain' && a.kind === 'loop');
  const streams = has(facts, 'streamed');
  const walks = facts.axes.some((a) => a.part === 'contiguous' && a.kind === 'loop');
  // What stands whole beside the contiguous axis is joined by the threads that hold it, where nothing else makes rows.
  const whole = facts.axes.some((a) => a.kind === 'tile' && a.part === 'plain' && (a.fixed ?? 1) > 1);
  const alone = !facts.axes.some((a) => a.part === 'plain' && a.kind === 'grid');
  return {
    warps: 4, stages: 1,
    size: (a) => {
      if (a.part === 'contiguous') return [a.kind === 'loop' ? 1024 : alone ? 2048 : gathers || streams ? 256 : 128, 'contiguous in memory'];
      if ((a.part === 'plain' || a.part === 'joined') && a.kind === 'grid' && has(facts, 'parts')) return [1, 'beside the parts; what is joined is read many at a time'];
      if (a.part === 'plain' && a.kind === 'grid' && whole) return [1, 'beside what stands whole; one at a time'];
      if (a.part === 'plain' && a.kind === 'grid') return [[walks || streams ? 4 : 8, walks || streams ? 1 : 4][a.rank] ?? 1, 'beside the contiguous axis; a few pay for the start of a block'];
      return one(a);
    },
  };
}

/** Parts of many rows are few: rows side by side in registers, and one part after another. */
const joining = (): Plan => ({
  warps: 4, stages: 1,
  size: (a) => {
    if (a.part === 'parts') return [1, 'parts to join, a few; one after another'];
    if (a.part === 'joined') return [16, 'rows side by side; enough for the warps of a block'];
    return a.part === 'contiguous' ? [128, 'contiguous in memory'] : one(a);
  },
});

function one(a: AxisFacts): readonly [number, string] {
  switch (a.part) {
    case 'batch': return [1, 'both operands of a product have it; one at a time'];
    case 'parts': return [32, 'parts to join; so many are under way at a time'];
    case 'ragged': return [1, 'lengths depend on it; one at a time'];
    case 'plain': case 'joined': case 'streamed': return [1, 'walked beside other axes, one position at a time'];
    case 'minorEdge': return [1, 'a further axis of the same edge; one at a time'];
    case 'edge': case 'chain': case 'contracted': case 'contiguous': return [1, 'one at a time'];
    default: return a.part satisfies never;
  }
}
