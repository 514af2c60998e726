import type { Axis } from '../../dsl/expr.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import { evalScalar, type ScalarEnv } from '../../dsl/scalar.js';
import { scalarCost } from '../graph/fusion.js';
import type { Load, Mma, Tile, TileKernel, TileStmt } from '../tile/ir.js';
import { productsOf } from '../tile/walk.js';

/**
 * What a device can do, for comparing schedules of one launch with each other; not good enough to tell time. Operations
 * and bytes are per second and processor, `memory` bytes per second of all processors together; `window` and `block`
 * are seconds that a window of a loop and a block cost beside their work.
 */
export interface Rates { readonly processors: number; readonly halves: number; readonly whole: number; readonly near: number; readonly memory: number; readonly window: number; readonly block: number }

/** Cores of 2020 or later, and multiprocessors from Ampere to Hopper. */
export const coreRates = (processors: number): Rates => ({ processors, halves: 6e10, whole: 6e10, near: 6e10, memory: 1.2e10 * processors, window: 1e-7, block: 1e-6 });
export const multiprocessorRates = (processors: number): Rates => ({ processors, halves: 4e12, whole: 3e11, near: 2e11, memory: 2e10 * processors, window: 5e-7, block: 2e-6 });

/** How a launch stands on its device: blocks that a processor runs at a time, and how many of them hide what memory keeps waiting. */
export interface Residence { readonly blocks: number; readonly hiding: number }

/** Work of one block: operations of products of 16-bit numbers and all others, bytes from memory and from nearby, windows walked. */
interface Work { readonly halves: number; readonly whole: number; readonly memory: number; readonly near: number; readonly windows: number }
const none: Work = { halves: 0, whole: 0, memory: 0, near: 0, windows: 0 };
const plus = (a: Work, b: Work): Work => ({ halves: a.halves + b.halves, whole: a.whole + b.whole, memory: a.memory + b.memory, near: a.near + b.near, windows: a.windows + b.windows });
const times = (a: Work, n: number): Work => ({ halves: a.halves * n, whole: a.whole * n, memory: a.memory * n, near: a.near * n, windows: a.windows * n });

/** `numbers`: tiles of one number that positions and lengths decide, such as the ends of a mask's regions. */
interface Place { readonly lengths: Readonly<Record<Axis, number>>; readonly at: Readonly<Record<Axis, number>>; readonly clips: boolean; readonly numbers: Map<Tile, number> }

const mostSamples = 24;

/**
 * Estimated seconds of a launch at these lengths, from the work that its tile program does in blocks spread over the
 * grid. Masks that positions decide are followed, those of data are not.
 */
export function predict(kernel: TileKernel, lengths: Readonly<Record<Axis, number>>, rates: Rates, { blocks: resident, hiding }: Residence = { blocks: 1, hiding: 1 }): number {
  const counts = kernel.grid.map((g) => Math.max(1, Math.ceil((lengths[g.axis] ?? 1) / g.block)));
  const all = counts.reduce((n, c) => n * c, 1);
  const samples = Math.min(all, mostSamples);
  const clips = kernel.frame === undefined;
  const seconds = Array.from({ length: samples }, (_, i) => {
    let rest = samples === 1 ? 0 : Math.round((i * (all - 1)) / (samples - 1));
    const at: Record<Axis, number> = {};
    for (const [g, count] of kernel.grid.map((axis, j) => [axis, counts[j] ?? 1] as const).reverse()) {
      at[g.axis] = (rest % count) * g.block;
      rest = Math.floor(rest / count);
    }
    return secondsOf(workOf(kernel.body, { lengths, at, clips, numbers: new Map() }), rates, hiding);
  });
  const mean = seconds.reduce((a, b) => a + b, 0) / samples;
  // Blocks of one processor share its units; the last ones leave others idle, the more so the longer they are.
  const last = (kernel.schedule.order === 'longestFirst' || kernel.schedule.order === 'resident' ? seconds[0] : seconds.at(-1)) ?? mean;
  const slots = rates.processors * resident;
  return (mean * all) / rates.processors + last * resident * (all > slots ? 1 - 1 / slots : 1 - all / slots);
}

function secondsOf(w: Work, rates: Rates, hiding: number): number {
  const parts = [w.halves / rates.halves + w.whole / rates.whole, w.near / rates.near, (w.memory * rates.processors) / rates.memory];
  const longest = Math.max(...parts);
  // What is done meanwhile is not quite free.
  return rates.block + w.windows * rates.window + (longest + 0.3 * (parts.reduce((a, b) => a + b, 0) - longest)) / hiding;
}

const workOf = (body: readonly TileStmt[], place: Place): Work => body.reduce((sum, s) => plus(sum, workOfOne(s, place)), none);

function workOfOne(s: TileStmt, place: Place): Work {
  switch (s.kind) {
    case 'load': return loadOf(s, place);
    case 'advance': return s.pipe.loads.reduce((sum, l) => plus(sum, loadOf(l, place)), none);
    case 'receive': return s.channel.loads.reduce((sum, l) => plus(sum, loadOf(l, place)), none);
    case 'prime': case 'drain': case 'barrier': case 'unite': case 'topk': case 'send': case 'release': case 'settle': case 'clear': return none;
    // The longest walk is the last rows'.
    case 'own': place.numbers.set(s.dst, (s.groups - 1) * s.rows); return none;
    case 'gather': return { ...none, memory: 2 * 4 * count(s.dst, place), near: 4 * count(s.dst, place) };
    case 'store': return { ...none, memory: dtypeBytes[s.dst.dtype] * count(s.src, place), near: 4 * count(s.src, place) };
    case 'copy': case 'fill':
      if (s.dst.shape.length === 0) place.numbers.set(s.dst, s.kind === 'fill' ? s.value : place.numbers.get(s.src) ?? 0);
      return { ...none, near: 4 * count(s.dst, place) };
    case 'map':
      if (s.dst.shape.length === 0) place.numbers.set(s.dst, evalScalar(s.fn, envOf(place, s.args)));
      return { ...none, whole: scalarCost(s.fn) * count(s.dst, place), near: 4 * count(s.dst, place) };
    case 'reduce': return { ...none, whole: count(s.src, place), near: 4 * count(s.src, place) };
    case 'mma': return productOf(s, place);
    case 'loop': {
      const env = envOf(place, s.args);
      const [from, to] = [evalScalar(s.from, env), evalScalar(s.to, env)];
      const windows = Math.max(0, Math.ceil((to - from) / s.step));
      const last = from + (windows - 1) * s.step;
      const body = (at: number): Work => workOf(s.body, { ...place, at: { ...place.at, [s.axis]: at } });
      // The first window stands for all but the last, which may be short.
      return windows === 0 ? none : plus(plus(windows > 1 ? times(body(from), windows - 1) : none, body(last)), { ...none, windows });
    }
    case 'when': return workOf(evalScalar(s.cond, envOf(place, s.args)) !== 0 ? s.body : s.otherwise, place);
    default: return s satisfies never;
  }
}

const loadOf = (l: Load, place: Place): Work => ({ ...none, memory: dtypeBytes[l.src.dtype] * count(l.dst, place), near: 4 * count(l.dst, place) });

function productOf(s: Mma, place: Place): Work {
  const over = s.lhs.shape.find((a) => a.axis === s.over);
  const columns = productsOf(s).length;
  const operations = 2 * columns * count(s.dst, place) * (over === undefined ? 1 : extent(over.axis, over.size, place));
  const near = 4 * (count(s.lhs, place) + columns * (count(s.dst, place) + count(s.rhs, place)));
  return dtypeBytes[s.lhs.dtype] === 2 && dtypeBytes[s.rhs.dtype] === 2 ? { ...none, halves: operations, near } : { ...none, whole: operations, near };
}

/** Data that bounds depend on is taken for 0. */
const envOf = ({ lengths, at, numbers }: Place, args: readonly Tile[]): ScalarEnv => ({ args: args.map((t) => numbers.get(t) ?? 0), pos: at, size: lengths });

const count = (t: Tile, place: Place): number => t.shape.reduce((n, a) => n * extent(a.axis, a.size, place), 1);

/** Warps work on whole windows, cores on what of a window lies on the axis. */
function extent(axis: Axis, size: number, { lengths, at, clips }: Place): number {
  const length = lengths[axis];
  return !clips || length === undefined ? size : Math.max(1, Math.min(size, length - (at[axis] ?? 0)));
}
