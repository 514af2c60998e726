import type { Span } from '../../dsl/span.js';
import type { Emission } from '../emit/emission.js';
import type { TileKernel, TileStmt, Verb } from '../tile/ir.js';
import { tileElements } from '../tile/walk.js';
import { printLaunch } from './cpu/launch.js';
import { printCopy, printMap } from './cpu/map.js';
import { printGather, printLoad, printStore } from './cpu/memory.js';
import { printMma } from './cpu/mma.js';
import { placement, type Placement } from './cpu/placement.js';
import { printFill, printReduce } from './cpu/reduce.js';
import { printRows, rowGroups, type Row } from './cpu/rows.js';
import { printLoop, printWhen } from './control.js';
import { cores } from '../schedule/machine.js';
import type { Target } from './target.js';
import { paragraph } from './common/paragraphs.js';
import { printTopK } from './common/topk.js';

/** What a statement needs to become text. */
interface Context { readonly e: Emission; readonly at: Placement; readonly row?: Row }
type Printer<V extends Verb> = (s: Extract<TileStmt, { kind: V }>, c: Context) => void;
type Printers = { readonly [V in Verb]: Printer<V> };

/** Loads are done when they return and one thread runs a whole block, so waits and barriers say nothing. */
const silent = (): void => {};

const verbs: Printers = {
  load: (s, c) => printLoad(s, c.e, c.at),
  prime: silent,
  advance: (s, c) => s.pipe.loads.forEach((l) => printLoad(l, c.e, c.at)),
  drain: silent,
  gather: (s, c) => printGather(s, c.e),
  store: (s, c) => printStore(s, c.e),
  copy: (s, c) => printCopy(s, c.e, c.at, c.row),
  fill: (s, c) => printFill(s, c.e),
  map: (s, c) => printMap(s, c.e, c.at, c.row),
  reduce: (s, c) => printReduce(s, c.e, c.row),
  unite: silent,
  topk: (s, c) => printTopK(s, c.e),
  mma: (s, c) => printMma(s, c.e, c.at),
  barrier: silent,
  send: silent,
  receive: silent,
  release: silent,
  settle: silent,
  own: silent,
  clear: silent,
  loop: (s, c) => printLoop(s, c.e, () => printAll(s.body, c, s.span)),
  when: (s, c) => printWhen(s, c.e, (body) => printAll(body, c, s.span)),
};

/** Paragraphs of the statements that say something; what works row by row shares its loop over the rows. */
function printAll(body: readonly TileStmt[], c: Context, last?: Span): void {
  for (const group of rowGroups(body.filter((s) => verbs[s.kind] !== silent))) {
    const [first] = group;
    if (!first) continue;
    last = paragraph(first, c.e, last);
    const each = (s: TileStmt, row?: Row): void => {
      last = paragraph(s, c.e, last);
      c.e.out().from(s.span, () => print(s, { e: c.e, at: c.at, ...(row && { row }) }));
    };
    if (group.length === 1) each(first);
    else printRows(group, c.e, each);
  }
}

function print<V extends Verb>(s: Extract<TileStmt, { kind: V }>, c: Context): void {
  const printer: Printer<V> = verbs[s.kind as V];
  printer(s, c);
}

function launch(kernel: TileKernel, out: Parameters<Target['launch']>[1]): void {
  const at = placement(kernel);
  printLaunch(kernel, (e) => printAll(kernel.body, { e, at }), at.arrays, out);
}

/** C++17 for g++ and any x86-64, in tiles of f32 and i32; blocks run in parallel on the cores. */
export const cpu: Target = {
  name: 'cpu',
  path: (kernel) => `cpu/${kernel}.cpp`,
  blockOf: 'caches',
  hasRoles: false,
  machine: cores,
  tileLimit: 1024 * 1024,
  tileBytes: (kernel) => kernel.tiles.reduce((n, t) => n + 4 * tileElements(t), 0),
  blocksPerProcessor: () => 1,
  preamble: ['#include "device.h"'],
  launch,
  needs: () => ({ threads: 1, sharedBytes: 0 }),
};
