import { CompileError } from '../dsl/diagnostic.js';
import type { Span } from '../dsl/span.js';
import type { Form } from './forms.js';
import type { Launch } from './graph/launch.js';
import { noRoom, registersHeld } from './launchable.js';
import { cacheSchedule, type Choice, shrink } from './schedule/model.js';
import type { Schedule, ScheduleChoice } from './schedule/schedule.js';
import { groupSchedules } from './schedule/warpgroups.js';
import { warpSchedule } from './schedule/warps.js';
import type { Target } from './targets/target.js';
import { factsOf } from './tile/facts.js';
import type { Tile, TileKernel } from './tile/ir.js';
import { registersWanted } from './tile/pressure.js';
import { tileElements } from './tile/walk.js';

/** A schedule that was chosen elsewhere than by the model. `reason`: where it comes from and why. `note`: a line for the generated header, where it shall have one. `span`: its place, for errors. */
export interface Given { readonly choice: ScheduleChoice; readonly reason: string; readonly note: string | undefined; readonly span: Span }
/** The schedule of a launch on a target, where there is one; else the model chooses. */
export type Givens = (launch: Launch, target: Target) => Given | undefined;
/** The model chooses every schedule. */
export const modelOnly: Givens = () => undefined;

/** A schedule that fits, and why it is this one. */
export interface Fitted extends Choice { readonly notes: readonly string[] }
type Tiles = (schedule: Schedule) => TileKernel;

/** The given schedule, else the model's, made smaller until its tiles fit. Throws L103 when even the smallest does not, L110 for a given one that cannot run. */
export function fittingSchedule(launch: Launch, target: Target, form: Form, given: Givens, tiles: Tiles): Fitted {
  const asked = given(launch, target);
  return asked ? givenSchedule(launch, target, form, asked, tiles) : { ...modelSchedule(launch, target, form, tiles), notes: [] };
}

/** What the analytic model prefers, before it is held against the target's memory. */
export function preferredSchedule(launch: Launch, target: Target, form: Form): Choice {
  const facts = factsOf(launch);
  return target.blockOf === 'caches' ? cacheSchedule(facts) : warpSchedule(facts, form.rows);
}

/** The model's schedule, made smaller until its tiles fit the target. */
export function modelSchedule(launch: Launch, target: Target, form: Form, tiles: Tiles): Choice {
  const facts = factsOf(launch);
  const inGroups = target.hasRoles ? groupSchedule(launch, groupSchedules(facts, form.rows, form.shared !== undefined), target, tiles) : undefined;
  if (inGroups) return inGroups;
  const choice = preferredSchedule(launch, target, form);
  let schedule = choice.schedule;
  for (;;) {
    const kernel = tiles(schedule);
    const total = target.tileBytes(kernel);
    const smaller = shrink(schedule, facts);
    if (total <= target.tileLimit && (!smaller || registersWanted(kernel) <= registersHeld(kernel, target))) {
      const changed = Object.entries(schedule.block).filter(([a, n]) => choice.schedule.block[a] !== n).map(([a, n]) => `${a} ${n}: halved until the tiles of a block fit ${target.tileLimit / 1024} KiB${target.blockOf === 'warps' ? ' and its registers' : ''}`);
      return { schedule, reasons: [...choice.reasons, ...changed] };
    }
    if (!smaller) throw tooWide(launch, kernel.tiles.reduce((a, b) => (tileElements(b) > tileElements(a) ? b : a)), total, target);
    schedule = smaller;
  }
}

/** The first of some schedules with roles that can run and leaves tiles in registers; where none leaves them there, the first that can run. */
function groupSchedule(launch: Launch, choices: readonly Choice[], target: Target, tiles: Tiles): Choice | undefined {
  const spilling: { readonly choice: Choice; readonly why: string }[] = [];
  for (const choice of choices) {
    const tried = tryTiles(launch, choice.schedule, target, tiles);
    if ('why' in tried) continue;
    const [wanted, held] = [registersWanted(tried.kernel), registersHeld(tried.kernel, target)];
    if (wanted <= held) return { ...choice, reasons: [...choice.reasons, ...spilling.map((s) => s.why)] };
    const { warps, overlap } = choice.schedule;
    spilling.push({ choice, why: `not ${warps / 4} warpgroups${overlap === 'none' ? '' : ' with products that overlap'}: a thread would want about ${wanted} registers, ${held} are there` });
  }
  return spilling[0]?.choice;
}

function tooWide(launch: Launch, widest: Tile, total: number, target: Target): CompileError {
  const shape = widest.shape.map((a) => `${a.axis} ${a.size}`).join(', ');
  return new CompileError('L103', `no schedule fits ${target.name}: a block needs ${Math.ceil(total / 1024)} KiB of tiles, ${target.tileLimit / 1024} KiB are there; \`${widest.name}\` [${shape}] is the widest`, launch.def.span);
}

function givenSchedule(launch: Launch, target: Target, form: Form, { choice, reason, note, span }: Given, tiles: Tiles): Fitted {
  const schedule = inRoles(launch, target, form, choice, tiles) ?? { ...preferredSchedule(launch, target, form).schedule, ...choice };
  const tried = tryTiles(launch, schedule, target, tiles);
  if ('why' in tried) throw new CompileError('L110', `the schedule of \`${launch.symbol}\` cannot run on ${target.name}: ${tried.why}; tune it again, or remove it`, span, [`the launch is from ${launch.def.file}:${launch.def.span.line}`]);
  return { schedule, reasons: [reason], notes: note === undefined ? [] : [note] };
}

/** A choice with roles for its warps, where the model has them for as many and they can run so. */
function inRoles(launch: Launch, target: Target, form: Form, choice: ScheduleChoice, tiles: Tiles): Schedule | undefined {
  const alike = target.hasRoles ? groupSchedules(factsOf(launch), form.rows, form.shared !== undefined).filter((c) => c.schedule.warps === choice.warps) : [];
  return groupSchedule(launch, alike.map((c) => ({ ...c, schedule: { ...c.schedule, ...choice } })), target, tiles)?.schedule;
}

/** A launch under a schedule, or why it cannot run so: axes that it does not cut, tiles that do not fit, a block that finds no room. */
export function tryTiles(launch: Launch, schedule: Schedule, target: Target, tiles: Tiles): { readonly kernel: TileKernel } | { readonly why: string } {
  const cut = factsOf(launch).axes.filter((a) => a.kind !== 'tile').map((a) => a.axis);
  const unknown = Object.keys(schedule.block).find((a) => !cut.includes(a));
  if (unknown !== undefined) return { why: `it cuts '${unknown}', the launch cuts ${cut.join(', ') || 'nothing'}` };
  let kernel: TileKernel;
  try {
    kernel = tiles(schedule);
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
  const total = target.tileBytes(kernel);
  const why = total > target.tileLimit ? `a block needs ${Math.ceil(total / 1024)} KiB of tiles, ${target.tileLimit / 1024} KiB are there` : noRoom(kernel, target);
  return why === undefined ? { kernel } : { why };
}
