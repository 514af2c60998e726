import type { TargetName } from '../../dsl/manifest.js';
import type { Span } from '../../dsl/span.js';
import type { Emission } from '../emit/emission.js';
import type { Tile, TileKernel, TileStmt, Verb } from '../tile/ir.js';
import { besidesOf } from '../tile/beside.js';
import { coarseMaps } from '../tile/coarse.js';
import { factorsOf } from '../tile/sides.js';
import { readsOf, statements } from '../tile/walk.js';
import { printLoop, printWhen } from './control.js';
import { printBody } from './common/paragraphs.js';
import { printTopK } from './common/topk.js';
import { numbersOf } from './common/numbers.js';
import { contractedAxes, printLaunch, sharedLayout, threadsOf } from './cuda/launch.js';
import { readInPlace } from './cuda/loaded.js';
import { printCopy, printFill, printMap } from './cuda/map.js';
import { printGather, printLoad, printStore } from './cuda/memory.js';
import { printMma } from './cuda/mma.js';
import { printAdvance, printDrain, printPrime } from './cuda/pipe.js';
import { printReduce, printUnite } from './cuda/reduce.js';
import { printClear, printOwn, printReceive, printRelease, printSend, printSettle } from './cuda/roles.js';
import type { Context, Whole } from './cuda/spot.js';
import { multiprocessors } from '../schedule/machine.js';
import type { Target } from './target.js';

type Printer<V extends Verb> = (s: Extract<TileStmt, { kind: V }>, c: Context) => void;
type Printers = { readonly [V in Verb]: Printer<V> };

const verbs: Printers = {
  load: (s, c) => printLoad(s, c),
  prime: printPrime,
  advance: printAdvance,
  drain: printDrain,
  gather: printGather,
  store: printStore,
  copy: printCopy,
  fill: printFill,
  map: printMap,
  reduce: printReduce,
  unite: printUnite,
  topk: (s, c) => printTopK(s, c.e),
  mma: printMma,
  barrier: (s, c) => {
    if (s.copies) {
      // The block's copies may not be in a group yet.
      c.e.line('commitCopies();');
      c.e.line('waitCopies<0>();');
    }
    if (s.alone !== true) c.e.line('blockBarrier();');
  },
  send: printSend,
  receive: printReceive,
  release: printRelease,
  settle: printSettle,
  own: printOwn,
  clear: printClear,
  loop: (s, c) => printLoop(s, c.e, () => printAll(s.body, c, s.span)),
  when: (s, c) => printWhen(s, c.e, (body) => printAll(body, c, s.span)),
};

const printAll = (body: readonly TileStmt[], c: Context, last?: Span): void => printBody(body, (s) => print(s, c), c.e, last);

function print<V extends Verb>(s: Extract<TileStmt, { kind: V }>, c: Context): void {
  const printer: Printer<V> = verbs[s.kind as V];
  printer(s, c);
}

const contextOf = (kernel: TileKernel) => (e: Emission): Context => {
  const wholeOf = wholesOf(kernel);
  // What holds for a part holds for the whole.
  const alsoWhole = <V>(of: ReadonlyMap<Tile, V>): ReadonlyMap<Tile, V> => new Map([...of].flatMap(([t, v]): (readonly [Tile, V])[] => [[t, v], ...(wholeOf.has(t) ? [[wholeOf.get(t)?.tile ?? t, v] as const] : [])]));
  return {
    e, frame: kernel.frame, offsets: sharedLayout(kernel).offsets, wholeOf, overOf: alsoWhole(contractedAxes(kernel)), pipeOf: new Map(kernel.pipes.flatMap((p) => p.loads.map((l) => [l.dst, p] as const))),
    channelOf: alsoWhole(new Map((kernel.roles?.channels ?? []).flatMap((ch) => ch.loads.map((l) => [l.dst, ch] as const)))),
    roundedByReaders: new Set(kernel.tiles.filter((t) => readersRound(t, kernel))), coarse: coarseMaps(kernel), readInPlace: readInPlace(kernel), numbers: numbersOf(kernel.tiles, kernel.body),
  };
};

/** What lies behind each other, by its parts. */
function wholesOf(kernel: TileKernel): Context['wholeOf'] {
  return new Map(besidesOf(kernel.body).flatMap((parts): (readonly [Tile, Whole])[] => {
    const [first, second] = parts;
    if (!first || !second) return [];
    const whole: Whole = { tile: { ...first, name: parts.length > 2 ? `${first.name}AndOthers` : `${first.name}And${second.name}` }, parts };
    return parts.map((t) => [t, whole]);
  }));
}

/** Whether all that reads `t` rounds what it takes: stores to its dtype, and products with an operand of it. */
function readersRound(t: Tile, kernel: TileKernel): boolean {
  const { frame } = kernel;
  return statements(kernel.body).filter((s) => readsOf(s).includes(t)).every((s) => {
    if (s.kind === 'store') return s.dst.dtype === t.dtype;
    return s.kind === 'mma' && frame !== undefined && t.layout === 'tile' && factorsOf(s, frame)?.left === t && factorsOf(s, frame)?.right.dtype === t.dtype;
  });
}

/** Registers of a multiprocessor, of which a thread may have 255, and its shared memory on Hopper. */
const registersOfProcessor = 65536;
const sharedOfProcessor = 228 * 1024;

/** CUDA for one architecture: tiles in the registers of a block's warps and in its shared memory. */
export const cudaTarget = (name: Exclude<TargetName, 'cpu'>, sharedKiB: number): Target => ({
  name,
  path: (kernel) => `cuda/${kernel}.${name}.cu`,
  blockOf: 'warps',
  hasRoles: name === 'sm_90a',
  machine: multiprocessors,
  tileLimit: sharedKiB * 1024,
  tileBytes: (kernel) => sharedLayout(kernel).bytes,
  blocksPerProcessor: (kernel) => Math.max(1, Math.min(Math.floor(sharedOfProcessor / (sharedLayout(kernel).bytes + 1024)), Math.max(kernel.schedule.blocksPerProcessor, Math.floor(registersOfProcessor / (threadsOf(kernel) * 255))))),
  preamble: [`#include "${name === 'sm_90a' ? 'hopper' : 'device'}.cuh"`],
  launch: (kernel, out) => printLaunch(kernel, contextOf(kernel), (c, body) => printAll(body, c), out),
  needs: (kernel) => ({ threads: threadsOf(kernel), sharedBytes: sharedLayout(kernel).bytes, awaits: true, ...(kernel.roles && kernel.schedule.persistent ? { persistent: true } : {}) }),
});
