import type { TargetName } from '../../dsl/manifest.js';
import type { Span } from '../../dsl/span.js';
import type { Emission } from '../emit/emission.js';
import type { TileStmt, Verb } from '../tile/ir.js';
import { printLoop, printWhen } from './control.js';
import { printGather } from './cuda/gather.js';
import { printLaunch, sharedLayout, threadsOf } from './cuda/launch.js';
import { printCopy, printMap } from './cuda/map.js';
import { printReduce } from './cuda/reduce.js';
import { printBody } from './cpu/launch.js';
import { printLoad, printStore, printTopK } from './cpu/memory.js';
import { printMma } from './cpu/mma.js';
import type { Placement } from './cpu/placement.js';
import { printFill } from './cpu/reduce.js';
import type { Target } from './target.js';

type Printer<V extends Verb> = (s: Extract<TileStmt, { kind: V }>, e: Emission) => void;
type Printers = { readonly [V in Verb]: Printer<V> };

/** Every operand is copied to shared memory before it is multiplied. */
const copied: Placement = { inPlace: new Map(), numbers: new Set(), arrays: [] };
/** Loads are done when the block's barrier is passed, so the words of pipelines say nothing yet. */
const silent = (): void => {};

const verbs: Printers = {
  load: (s, e) => printLoad(s, e, copied),
  loadAsync: (s, e) => printLoad(s, e, copied),
  acquire: silent,
  commit: silent,
  wait: silent,
  release: silent,
  gather: printGather,
  store: printStore,
  copy: printCopy,
  fill: printFill,
  map: printMap,
  reduce: printReduce,
  topk: printTopK,
  mma: (s, e) => printMma(s, e, copied),
  mmaWait: silent,
  barrier: (_, e) => e.line('blockBarrier();'),
  loop: (s, e) => printLoop(s, e, () => printAll(s.body, e, s.span)),
  when: (s, e) => printWhen(s, e, () => printAll(s.body, e, s.span)),
  roles: () => { throw new Error('emit: a uniform schedule has no roles'); },
};

function printAll(body: readonly TileStmt[], e: Emission, last?: Span): void {
  printBody(body.filter((s) => verbs[s.kind] !== silent), (s) => print(s, e), e, last);
}

function print<V extends Verb>(s: Extract<TileStmt, { kind: V }>, e: Emission): void {
  const printer: Printer<V> = verbs[s.kind as V];
  printer(s, e);
}

/** CUDA for one architecture: tiles of f32 and i32 in shared memory, one thread block per block of the grid. */
export const cudaTarget = (name: Exclude<TargetName, 'cpu'>, sharedKiB: number): Target => ({
  name,
  path: (kernel) => `cuda/${kernel}.${name}.cu`,
  tileDtype: (memory) => (memory === 'i32' ? 'i32' : 'f32'),
  blockOf: 'warps',
  tileBytes: sharedKiB * 1024,
  preamble: ['#include "device.cuh"'],
  launch: (kernel, out) => printLaunch(kernel, (e) => printAll(kernel.body, e), out),
  needs: (kernel) => ({ threads: threadsOf(kernel), sharedBytes: sharedLayout(kernel).bytes }),
});
