import type { Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import type { Emission } from '../emit/emission.js';
import { scalarText } from '../emit/scalar.js';
import type { Loop, TileKernel, TileStmt, Verb, When } from '../tile/ir.js';
import { inPlace, type InPlace } from './cpu/inPlace.js';
import { printBody, printLaunch } from './cpu/launch.js';
import { printCopy, printMap } from './cpu/map.js';
import { printGather, printLoad, printStore, printTopK } from './cpu/memory.js';
import { printMma } from './cpu/mma.js';
import { printFill, printReduce } from './cpu/reduce.js';
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
  loop: printLoop,
  when: printWhen,
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

/** An integer that is the same for the whole block: positions are origins. */
function uniform(s: Scalar, e: Emission, want: 'int' | 'bool'): string {
  const never = (): never => { throw new Error('emit: a bound or condition of a block reads an element'); };
  const leaves = { arg: never, argIsInteger: never, pos: (axis: string) => e.origin(axis) ?? '0', size: e.length };
  const { bindings, text } = scalarText(s, leaves, want, e.fresh);
  bindings.forEach((b) => e.line(`const ${b.type} ${b.name} = ${b.text};`));
  return text;
}

function printLoop(s: Loop, c: Context): void {
  const from = uniform(s.from, c.e, 'int');
  const to = uniform(s.to, c.e, 'int');
  const aligned = s.from.kind === 'lit' && s.from.value % s.step === 0;
  const step = c.e.extent({ axis: s.axis, size: s.step });
  const origin = { axis: s.axis, step: s.step, full: s.full, aligned };
  const head = (): string => {
    const at = c.e.originName(s.axis);
    return `for (int ${at} = ${from}; ${at} < ${to}; ${at} += ${step})`;
  };
  c.e.scope(head, [origin], () => printAll(s.body, c, s.span));
}

function printWhen(s: When, c: Context): void {
  const cond = uniform(s.cond, c.e, 'bool');
  c.e.scope(() => `if (${cond})`, [], () => printAll(s.body, c, s.span));
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
};
