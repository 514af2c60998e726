import { writeFileSync } from 'node:fs';
import type { KernelDef } from '../../dsl/definition.js';
import type { CudaTarget } from '../../runtime/cudaFunctions.js';
import type { Device } from '../../runtime/device.js';
import { BuildError } from '../compilers.js';
import { compilePlan, streamedGraph } from '../compile.js';
import type { KernelSource } from '../frontend/project.js';
import { countsOf } from '../graph/counts.js';
import { boundOf } from '../schedule/roofline.js';
import { spreadOf } from '../schedule/spread.js';
import { interruptible } from './interrupt.js';
import { kernelsOf } from './kernels.js';
import { benchTable } from './measure/benchTable.js';
import { callsOf, type Scalars, scalarsFor } from './measure/inputs.js';
import { type AxisLengths, type MeasuredDevice, measuredPlan, variantsFor } from './measure/lengths.js';
import { type BenchReport, type BenchRow, readReport, reportText } from './measure/report.js';
import { chooseDevice, type ChosenDevice, openSession, type Piece, pieceOf, pieceTimer } from './measure/session.js';
import { betterOf, measureRates, type Rates, yardsticks } from './measure/yardsticks.js';
import { progress } from './progress.js';
import { schedulesFor, warn } from './schedules.js';

export interface BenchOptions {
  readonly kernel?: string;
  readonly variant?: string;
  readonly device: 'auto' | MeasuredDevice;
  readonly target?: CudaTarget;
  readonly size?: readonly string[];
  readonly set?: readonly string[];
  readonly seconds: number;
  readonly schedules?: string;
  readonly json?: string;
  readonly baseline?: string;
}

/** A variant that is to be measured, and at which lengths. */
interface Work { readonly source: KernelSource; readonly def: KernelDef; readonly lengths: AxisLengths; readonly scalars: Scalars; readonly piece: Piece }

/**
 * Times the kernels of a file against what the device does at best, measured in the same run. Throws CompileError, CommandError,
 * BuildError, RuntimeError.
 */
export async function bench(file: string, options: BenchOptions): Promise<void> {
  const before = options.baseline === undefined ? undefined : readReport(options.baseline);
  const kernels = kernelsOf(file, options.kernel).flatMap((source) => variantsFor(source, options.size ?? [], options.variant).map((def) => ({ source, def })));
  const chosen = await chooseDevice(options.device, options.target);
  const { on } = chosen;
  const schedules = schedulesFor([file], options.schedules);
  const works = kernels.map(({ source, def }): Work => {
    const { plan, lengths } = measuredPlan(def, options.size ?? [], chosen);
    return { source, def, lengths, scalars: scalarsFor(def, options.set ?? []), piece: pieceOf(source, compilePlan(plan, schedules.given)) };
  });
  const report = await interruptible((signal) => measureAll(works, chosen, options.seconds, signal));
  const { device, rates, rows } = report;
  process.stdout.write(`${device}\nmeasured in this run: ${(rates.whole / 1e9).toFixed(0)} GFLOP/s of f32, ${on === 'cuda' ? `${(rates.halves / 1e12).toFixed(0)} TFLOP/s of 16-bit products (a generated matrix product), ` : ''}${(rates.memory / 1e9).toFixed(1)} GB/s of memory read and written\n\n`);
  const comparable = before !== undefined && before.device === device ? before : undefined;
  process.stdout.write(benchTable(rows, comparable));
  if (before !== undefined && comparable === undefined) warn([`${options.baseline} was measured on ${before.device}: nothing is compared`]);
  if (options.json !== undefined) writeFileSync(options.json, reportText(report));
}

async function measureAll(works: readonly Work[], chosen: ChosenDevice, seconds: number, signal: AbortSignal): Promise<BenchReport> {
  const { on } = chosen;
  const sticks = yardsticks(chosen);
  const compiling = progress('compiling');
  await using session = await openSession([...works, ...sticks].map((w) => w.piece), on, compiling.update, signal).finally(compiling.stop);
  const { device, failed } = session;
  signal.throwIfAborted();
  for (const { piece } of [...works, ...sticks]) {
    const why = failed.get(piece.name);
    if (why !== undefined) throw new BuildError(why);
  }
  const measuring = progress('measuring');
  try {
    const first = await measureRates(device, on, sticks, signal);
    const timed: (readonly [Work, BenchRow['seconds']])[] = [];
    for (const [i, work] of works.entries()) {
      measuring.update(i, works.length, `${work.def.name} ${work.def.variant}`);
      timed.push([work, await timeOf(device, on, work, seconds, signal)]);
    }
    const rates = betterOf(first, await measureRates(device, on, sticks, signal));
    return { version: 1, date: new Date().toISOString(), device: device.description, rates, rows: timed.map(([work, time]) => rowOf(work, time, on, rates)) };
  } finally {
    measuring.stop();
  }
}

const leastSamples = 15;
const mostSamples = 300;
/** How long a kernel runs before it is timed, for clocks that rise under load. */
const warmSeconds = 0.2;

async function timeOf(device: Device, on: MeasuredDevice, { def, lengths, scalars, piece }: Work, seconds: number, signal: AbortSignal): Promise<BenchRow['seconds']> {
  using inputs = callsOf(device, def, piece.entry, lengths, true, scalars);
  const timer = pieceTimer(device, on, inputs);
  const start = performance.now();
  const spent = (): number => (performance.now() - start) / 1000;
  do {
    signal.throwIfAborted();
    await timer(piece.name);
  } while (spent() < warmSeconds);
  const samples: number[] = [];
  while (samples.length < leastSamples || (spent() < warmSeconds + seconds && samples.length < mostSamples)) {
    signal.throwIfAborted();
    samples.push(await timer(piece.name));
  }
  return spreadOf(samples);
}

function rowOf({ source, def, lengths, scalars }: Work, seconds: BenchRow['seconds'], on: MeasuredDevice, rates: Rates): BenchRow {
  const counts = countsOf(streamedGraph(def), lengths, scalars);
  // Cores multiply 16-bit numbers as they do others.
  const work = on === 'cpu' ? { ...counts, halves: 0, products: counts.products + counts.halves } : counts;
  return { kernel: source.name, variant: def.variant, sizes: lengths, seconds, work, bound: boundOf(work, rates) };
}
