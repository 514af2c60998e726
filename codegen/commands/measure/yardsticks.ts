import type { KernelDef } from '../../../dsl/definition.js';
import type { DType } from '../../../dsl/dtype.js';
import type { Axis, TensorExpr } from '../../../dsl/expr.js';
import type { AxisSpec } from '../../../dsl/manifest.js';
import { cast, dot, input, map, reduce } from '../../../dsl/ops.js';
import { arg, binary, lit, type Scalar } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import type { Device } from '../../../runtime/device.js';
import { fixed } from '../../candidates.js';
import { compilePlan } from '../../compile.js';
import { type Givens, modelOnly } from '../../fitting.js';
import type { ScheduleChoice } from '../../schedule/schedule.js';
import { type Call, callsOf } from './inputs.js';
import { type AxisLengths, type MeasuredDevice, servingPlan } from './lengths.js';
import { type ChosenDevice, type Piece, pieceOf, pieceTimer } from './session.js';

/** What a device does at best, measured: f32 operations and those of products of 16-bit numbers per second, bytes of memory read and written per second. */
export interface Rates { readonly whole: number; readonly halves: number; readonly memory: number }

/** A kernel that does one thing as fast as the device can: what of it is counted, and how often per call. */
interface Yardstick { readonly rate: keyof Rates; readonly def: KernelDef; readonly lengths: AxisLengths; readonly count: number; readonly rotate: boolean; readonly piece: Piece }

/** Elements side by side, so that one's latency is another's work, in so many blocks that all cores or multiprocessors have some. */
const manyBlocks: Readonly<Record<MeasuredDevice, ScheduleChoice>> = {
  cpu: { block: { n: 512, q: 4 }, warps: 1, stages: 1, blocksPerProcessor: 1, order: 'natural' },
  cuda: { block: { n: 1, q: 512 }, warps: 4, stages: 1, blocksPerProcessor: 1, order: 'natural' },
};

/** Multiply-adds of one element: so many chains side by side, each of so many that depend on each other. */
const [chains, steps] = [8, 16];

/** Σ over j of ((x·j + y)·a + b)·a + b …, whose every operation is a multiply-add. */
function multiplyAdds(x: Scalar, y: Scalar): Scalar {
  const multiplyAdd = (s: Scalar, by: number, plus: Scalar): Scalar => binary('add', binary('mul', s, lit(by)), plus);
  const all = Array.from({ length: chains }, (_, j) => Array.from({ length: steps }).reduce<Scalar>((s) => multiplyAdd(s, 0.999, lit(0.001)), multiplyAdd(x, j + 2, y)));
  return all.reduce((sum, s) => binary('add', sum, s));
}
const operations = chains * (2 * (steps + 1) + 1);

/** Yardsticks of a device as kernels: chains of multiply-adds on hardly any memory, a matrix product of bf16, a copy. A core multiplies 16-bit numbers as it does others. */
export function yardsticks(chosen: ChosenDevice): readonly Yardstick[] {
  const { on } = chosen;
  const side = 8192;
  const [n, q] = on === 'cpu' ? [4096, 512] : [1024, 2 ** 18];
  const copied = on === 'cpu' ? 2 ** 23 : 2 ** 27;
  const [x, y] = [input('x', 'f32', ['n'], nowhere), input('y', 'f32', ['q'], nowhere)];
  const [a, b] = [input('a', 'bf16', ['q', 'e'], nowhere), input('b', 'bf16', ['f', 'e'], nowhere)];
  return [
    yardstick(chosen, 'whole', kernelOf('multiplyAdds', [x, y], ['q'], 'f32', reduce('sum', map(multiplyAdds(arg(0), arg(1)), [x, y], nowhere), 'n', nowhere)), { n, q }, operations * n * q, false, () => fixed(manyBlocks[on])),
    yardstick(chosen, 'memory', kernelOf('copied', [x], ['n'], 'f32', map(binary('add', arg(0), lit(1)), [x], nowhere)), { n: copied }, 8 * copied, true),
    ...(on === 'cpu' ? [] : [yardstick(chosen, 'halves', kernelOf('product', [a, b], ['q', 'f'], 'bf16', cast('bf16', dot(a, b, 'e', nowhere), nowhere)), { q: side, e: side, f: side }, 2 * side ** 3, false)]),
  ];
}

function kernelOf(name: string, inputs: readonly TensorExpr[], order: readonly Axis[], dtype: DType, value: TensorExpr): KernelDef {
  const params = inputs.flatMap((i) => (i.kind === 'input' ? [{ name: i.name, dtype: i.dtype, order: i.axes, span: nowhere }] : []));
  const sizes = Object.fromEntries(params.flatMap((p) => p.order).map((axis) => [axis, { kind: 'dynamic' } as const]));
  return { name, variant: '', file: 'warpfold bench', params, results: [{ name: 'out', dtype, order, value, span: nowhere }], sizes, dtypes: {}, span: nowhere };
}

function yardstick(chosen: ChosenDevice, rate: keyof Rates, def: KernelDef, lengths: AxisLengths, count: number, rotate: boolean, given: Givens = modelOnly): Yardstick {
  // All axes are dynamic: see kernelOf.
  const sizes: Readonly<Record<Axis, AxisSpec>> = Object.fromEntries(Object.keys(def.sizes).map((axis) => [axis, { kind: 'dynamic' }]));
  const plan = servingPlan(def, chosen.targets, lengths);
  return { rate, def, lengths, count, rotate, piece: pieceOf({ name: def.name, file: def.file, params: def.params, results: def.results, sizes, variants: [def] }, compilePlan(plan, given)) };
}

/** The fastest of so many samples, or of as many as fit into so many seconds, tells what the device can do. */
const leastSamples = 15;
const leastSeconds = 0.5;

/** What the device does now at best. Rejects with Interrupted when the signal is set off. */
export async function measureRates(device: Device, on: MeasuredDevice, sticks: readonly Yardstick[], signal: AbortSignal): Promise<Rates> {
  const best: Record<keyof Rates, number> = { whole: 0, halves: 0, memory: 0 };
  for (const { rate, def, lengths, count, rotate, piece } of sticks) {
    using inputs = callsOf(device, def, piece.entry, lengths, rotate);
    // Between two interruptions of a core only single calls fit.
    const timer = pieceTimer(device, on, inputs, on === 'cpu' ? 0 : undefined);
    const start = performance.now();
    for (let i = 0; i < leastSamples || performance.now() - start < 1000 * leastSeconds; i++) {
      signal.throwIfAborted();
      best[rate] = Math.max(best[rate], count / (await timer(piece.name)));
      // A GPU's own copy may be faster than ours.
      if (rate === 'memory' && on === 'cuda') best.memory = Math.max(best.memory, count / (await copySeconds(device, inputs.calls[0])));
    }
  }
  return { ...best, halves: best.halves || best.whole };
}

/** Seconds that the device takes to copy what a call reads to where it writes. */
async function copySeconds(device: Device, { args: { x }, results: { out } }: Call): Promise<number> {
  return typeof x === 'object' && out !== undefined ? device.time(() => device.copy(out, x)) : Number.POSITIVE_INFINITY;
}

/** The better of each: clocks move and neighbours come and go. */
export const betterOf = (a: Rates, b: Rates): Rates => ({ whole: Math.max(a.whole, b.whole), halves: Math.max(a.halves, b.halves), memory: Math.max(a.memory, b.memory) });
