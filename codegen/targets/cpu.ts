import type { Span } from '../../dsl/span.js';
import type { Emission } from '../emit/emission.js';
import type { TileKernel, TileStmt, Verb } from '../tile/ir.js';
import { inPlace, type InPlace } from './cpu/inPlace.js';
import { printBody, printLaunch } from './cpu/launch.js';
import { printCopy, printMap } from './cpu/map.js';
import { printGather, printLoad, printStore, printTopK } from './cpu/memory.js';
import { printMma } from './cpu/mma.js';
import { printFill, printReduce } from './cpu/reduce.js';
import { printLoop, printWhen } from './control.js';
import type { Target } from './target.js';

/** What a statement needs to become text. */
interface Context { readonly e: Emission; readonly inPlace: InPlace }
type Printer<V extends Verb> = (s: Extract<TileStmt, { kind: V }>, c: Context) => void;
type Printers = { readonly [V in Verb]: Printer<V> };

/** Loads are done when they return and one thread runs a whole block, so the words of pipelines and barriers say nothing. */
const silent = (): void => {};

const verbs: Printers = {
  load: (s, c) => printLoad(s, c.e, c.inPlace),
  loadAsync: (s, c) => printLoad(s, c.e, c.inPlace),
  acquire: silent,
  commit: silent,
  wait: silent,
  release: silent,
  gather: (s, c) => printGather(s, c.e),
  store: (s, c) => printStore(s, c.e),
  copy: (s, c) => printCopy(s, c.e),
  fill: (s, c) => printFill(s, c.e),
  map: (s, c) => printMap(s, c.e),
  reduce: (s, c) => printReduce(s, c.e),
  topk: (s, c) => printTopK(s, c.e),
  mma: (s, c) => printMma(s, c.e, c.inPlace),
  mmaWait: silent,
  barrier: silent,
  loop: (s, c) => printLoop(s, c.e, () => printAll(s.body, c, s.span)),
  when: (s, c) => printWhen(s, c.e, () => printAll(s.body, c, s.span)),
  roles: () => { throw new Error('emit: the cpu target is never scheduled with roles'); },
};

/** Paragraphs of the statements that say something. */
function printAll(body: readonly TileStmt[], c: Context, last?: Span): void {
  printBody(body.filter((s) => verbs[s.kind] !== silent), (s) => print(s, c), c.e, last);
}

function print<V extends Verb>(s: Extract<TileStmt, { kind: V }>, c: Context): void {
  const printer: Printer<V> = verbs[s.kind as V];
  printer(s, c);
}

function launch(kernel: TileKernel, out: Parameters<Target['launch']>[1]): void {
  const ready = inPlace(kernel);
  printLaunch(kernel, (e) => printAll(kernel.body, { e, inPlace: ready }), ready, out);
}

/** C++17 for g++ and any x86-64, in tiles of f32 and i32; blocks run in parallel on the cores. */
export const cpu: Target = {
  name: 'cpu',
  path: (kernel) => `cpu/${kernel}.cpp`,
  tileDtype: (memory) => (memory === 'i32' ? 'i32' : 'f32'),
  asyncCopies: false,
  roles: false,
  tileBytes: 1024 * 1024,
  preamble: ['#include "device.h"'],
  launch,
  needs: () => ({ threads: 1, sharedBytes: 0 }),
};
