import type { Axis, Dot } from '../dsl/expr.js';
import { nodesOf } from '../dsl/walk.js';
import type { SizeBound } from '../dsl/manifest.js';
import type { Launch } from './graph/launch.js';
import { sharedAxis } from './stream/split.js';
import { type RowCount, rowsOf, rowsOfProduct } from './schedule/warps.js';
import type { Target } from './targets/target.js';
import { factsOf } from './tile/facts.js';

/** A variant of a kernel for some shapes: which, how its symbols end, how many rows it is made for, and the axis that blocks share. */
export interface Form {
  readonly suffix: string;
  readonly serves: readonly SizeBound[];
  readonly rows: RowCount;
  readonly shared: Axis | undefined;
}

/** The variant that serves any shape. */
export const anyShape: Form = { suffix: '', serves: [], rows: 'long', shared: undefined };

/** Rows in all below which a device is not full of long blocks. */
const fewRows = 2 ** 15;

/**
 * The variants worth having, most special first. Where a launch walks a long axis with products, blocks share that axis
 * while the grid alone would not fill a device, and a handful of rows stand in one block.
 */
export function formsOf(launches: readonly Launch[], target: Target): readonly Form[] {
  const shared = target.blockOf === 'warps' ? launches.map(sharedAxis).find((a) => a !== undefined) : undefined;
  const launch = launches.find((l) => shared !== undefined && sharedAxis(l) === shared);
  if (shared === undefined || !launch) return target.blockOf === 'warps' ? [...fewRowsForms(launches), anyShape] : [anyShape];
  const grid = factsOf(launch).axes.filter((a) => a.kind === 'grid');
  const rows = grid.filter((a) => a.part === 'edge' || a.part === 'minorEdge').map((a) => a.axis);
  const isPacked = grid.some((a) => a.part === 'minorEdge');
  return [
    ...(isPacked ? (['few', 'short'] as const).map((count) => ({ suffix: count, serves: [{ axes: rows, atMost: rowsOf[count] }], rows: count, shared })) : []),
    { suffix: 'shared', serves: [{ axes: grid.map((a) => a.axis), atMost: fewRows }], rows: 'long', shared },
    anyShape,
  ];
}

/** A single contraction gets a variant for a handful of rows: a long block of them would multiply mostly what is not there. */
function fewRowsForms(launches: readonly Launch[]): readonly Form[] {
  const [only, more] = launches;
  const rows = only && !more ? rowsOfProduct(factsOf(only)) : undefined;
  // A single row meets lines of memory along the sum: only so do lanes read what lies side by side.
  const isAlong = (e: Dot): boolean => [e.lhs, e.rhs].some((x) => x.kind === 'input' && x.axes.at(-1) === e.over && rows !== undefined && !x.axes.includes(rows.axis));
  const streams = only !== undefined && nodesOf(only.def.results.map((r) => r.value)).every((e) => e.kind !== 'dot' || isAlong(e));
  const of = (count: 'one' | 'few'): Form[] => (rows ? [{ suffix: count, serves: [{ axes: [rows.axis], atMost: rowsOf[count] }], rows: count, shared: undefined }] : []);
  return [...(streams ? of('one') : []), ...of('few')];
}
