import { CompileError } from '../dsl/diagnostic.js';
import type { Axis } from '../dsl/expr.js';
import { type CompiledVariant, compilePlan, type VariantPlan } from './compile.js';
import { type Given, type Givens, modelSchedule, tryTiles } from './fitting.js';
import type { Launch } from './graph/launch.js';
import { occupancy, processorOf, registersWithin } from './schedule/occupancy.js';
import { coreRates, multiprocessorRates, predict, type Residence } from './schedule/predict.js';
import type { Schedule, ScheduleChoice } from './schedule/schedule.js';
import { schedulesAround } from './schedule/space.js';
import type { Target } from './targets/target.js';
import { factsOf } from './tile/facts.js';
import type { TileKernel } from './tile/ir.js';
import { tileElements } from './tile/walk.js';
import { launchTiles } from './tilePasses.js';

/** A schedule of one launch that is worth measuring: its estimated time over that of the model's schedule, and its variant compiled with it. */
export interface Candidate { readonly choice: ScheduleChoice; readonly predicted: number; readonly compiled: CompiledVariant }

export interface SearchOptions {
  /** Lengths of all axes whose length is not fixed; of a ragged one, of each part. */
  readonly lengths: Readonly<Record<Axis, number>>;
  /** Cores or multiprocessors of the device. */
  readonly processors: number;
  /** Candidates beside the model's schedule, at most. */
  readonly top: number;
  /** Steps from the model's schedule and from `incumbent`. */
  readonly within: number;
  /** What a table holds for the launch. */
  readonly incumbent?: ScheduleChoice;
  /** Schedules of the variant's other launches; the model's where it gives none. */
  readonly others: Givens;
}

/** What there was to choose from: schedules in reach, and how many of them can run. */
export interface Search { readonly candidates: readonly Candidate[]; readonly reached: number; readonly launchable: number }

/** The model's schedule of a launch, and of all others in reach that can run those whose estimated time is least, the best first. */
export function searchSchedules(plan: VariantPlan, launch: Launch, options: SearchOptions): Search {
  const { target, form } = plan;
  const tiles = (s: Schedule): TileKernel => launchTiles(launch, s, target);
  const { schedule: model } = modelSchedule(launch, target, form, tiles);
  const facts = factsOf(launch);
  const incumbent = options.incumbent && { ...model, ...options.incumbent };
  // A block takes one part of an axis that blocks share: the runtime counts on it.
  const isPart = (s: Schedule): boolean => launch.split === undefined || s.block[launch.split.axis] === 1;
  const reached = [...schedulesAround(model, facts, target.blockOf, options.within), ...(incumbent ? schedulesAround(incumbent, facts, target.blockOf, options.within) : [])].filter((s) => s === model || (isPart(s) && isOfUse(s, options.lengths)));
  const estimated = reached.flatMap((schedule) => {
    const tried = tryTiles(launch, schedule, target, tiles);
    return 'why' in tried ? [] : [{ schedule, seconds: secondsOf(tried.kernel, launch, target, options) }];
  });
  const [own] = estimated;
  if (own === undefined) throw new Error(`internal error: the model's schedule of ${launch.symbol} cannot run`);
  // Sorting is stable: of equals the nearer to the model comes first. Orders that make no difference are one candidate.
  const best = estimated.slice(1).sort((a, b) => (a.schedule === incumbent ? -1 : b.schedule === incumbent ? 1 : a.seconds - b.seconds));
  const distinct = [own, ...best].filter((e, i, all) => all.findIndex((o) => sameButOrder(o.schedule, e.schedule) && Math.abs(o.seconds / e.seconds - 1) < 1e-3) === i);
  const candidates: Candidate[] = [];
  for (const { schedule, seconds } of distinct) {
    if (candidates.length > options.top) break;
    const choice = choiceOf(schedule);
    const compiled = compiledWith(plan, launch, choice, options.others);
    if (compiled !== undefined) candidates.push({ choice, predicted: seconds / own.seconds, compiled });
  }
  return { candidates, reached: reached.length, launchable: estimated.length };
}

/** A plan with a choice for one of its launches; undefined where a table could not hold it: a choice says nothing of roles, and with those that it comes to it may not fit. */
function compiledWith(plan: VariantPlan, launch: Launch, choice: ScheduleChoice, others: Givens): CompiledVariant | undefined {
  try {
    return compilePlan(plan, (l, t) => (l.symbol === launch.symbol ? fixed(choice) : others(l, t)));
  } catch (error) {
    if (error instanceof CompileError && error.diagnostics.some((d) => d.code === 'L110')) return undefined;
    throw error;
  }
}

/** A schedule that is tried out, so that nothing says where it is from. */
export const fixed = (choice: ScheduleChoice): Given => ({ choice, reason: 'tried out', note: undefined, span: { file: '<tuned>', line: 0, column: 0, text: '', binding: undefined } });

const choiceOf = ({ block, warps, stages, blocksPerProcessor, order }: Schedule): ScheduleChoice => ({ block, warps, stages, blocksPerProcessor, order });
const sameButOrder = (a: Schedule, b: Schedule): boolean => JSON.stringify({ ...choiceOf(a), order: '' }) === JSON.stringify({ ...choiceOf(b), order: '' });

/** A block much longer than its axis is one that is as long as it. */
const isOfUse = ({ block }: Schedule, lengths: SearchOptions['lengths']): boolean => Object.entries(block).every(([axis, size]) => size < 2 * (lengths[axis] ?? Number.POSITIVE_INFINITY));

function secondsOf(kernel: TileKernel, { split, joins }: Launch, target: Target, { lengths, processors }: SearchOptions): number {
  const fixedLengths = Object.fromEntries(Object.entries(kernel.sizes).flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [[axis, rule.size]] : [])));
  const known = { ...fixedLengths, ...lengths };
  const parts = split?.axis ?? joins?.axis;
  const blocks = kernel.grid.reduce((n, g) => n * (g.axis === parts ? 1 : Math.ceil((known[g.axis] ?? 1) / g.block)), 1);
  // The runtime makes as many parts as fill the device.
  const whole = parts === undefined ? known : { ...known, [parts]: Math.max(1, Math.min(split === undefined ? processors : Math.ceil((known[split.of] ?? 1) / (kernel.schedule.block[split.of] ?? 1)), Math.floor(processors / blocks))) };
  return target.blockOf === 'caches' ? predict(kernel, whole, coreRates(processors)) : predict(kernel, whole, multiprocessorRates(processors), residence(kernel, target));
}

/** Registers of a thread beside those of its tiles. */
const registersBeside = 48;
/** Warps of a multiprocessor that together leave memory no idle time; loads that run ahead count like more warps. */
const warpsToHide = 16;

/** How many blocks a multiprocessor runs at a time, by what their tiles take. What does not fit into registers goes back and forth to memory. */
function residence(kernel: TileKernel, target: Target): Residence {
  const processor = processorOf(target.name);
  if (!processor) return { blocks: 1, hiding: 1 };
  const { threads, sharedBytes } = target.needs(kernel);
  const inTiles = kernel.tiles.filter((t) => t.layout === 'tile' || t.layout === 'rows' || t.layout === 'columns').reduce((n, t) => n + Math.ceil(tileElements(t) / (t.layout === 'tile' ? threads : 32)), 0);
  const most = Math.floor(registersWithin(threads, processor) / kernel.schedule.blocksPerProcessor);
  const wanted = inTiles + registersBeside;
  const { blocks } = occupancy({ threads, registers: Math.min(wanted, most), sharedBytes }, processor);
  const warps = Math.max(1, blocks) * (threads / 32) * (kernel.pipes.length > 0 ? Math.min(3, kernel.schedule.stages) : 1);
  return { blocks: Math.max(1, blocks), hiding: Math.min(1, warps / warpsToHide) * Math.min(1, (most / wanted) ** 2) };
}
