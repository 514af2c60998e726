import { BuildError } from '../../compilers.js';
import type { CompiledVariant, VariantPlan } from '../../compile.js';
import { type Candidate, fixed, type Search, searchSchedules } from '../../candidates.js';
import type { KernelSource } from '../../frontend/project.js';
import type { Launch } from '../../graph/launch.js';
import type { ScheduleChoice } from '../../schedule/schedule.js';
import { tune, type TunedRow } from '../../schedule/tune.js';
import { progress } from '../progress.js';
import { disagreement, resultsOf } from './agreement.js';
import { callsOf, type Scalars } from './inputs.js';
import type { AxisLengths, MeasuredDevice } from './lengths.js';
import { openSession, type Piece, pieceOf, pieceTimer, type Session } from './session.js';

/** What a search goes by. `chosen`: schedules of the variant's launches that are settled. `incumbent`: what a table holds. */
export interface LaunchSearch {
  readonly source: KernelSource;
  readonly plan: VariantPlan;
  readonly launch: Launch;
  readonly lengths: AxisLengths;
  readonly scalars: Scalars;
  readonly on: MeasuredDevice;
  readonly processors: number;
  readonly top: number;
  readonly within: number;
  readonly repeats: number;
  readonly incumbent: ScheduleChoice | undefined;
  readonly chosen: ReadonlyMap<string, ScheduleChoice>;
  readonly signal: AbortSignal;
}

/** One schedule as it was measured; `wrong`: how its results differ from those of the model's. */
export interface MeasuredSchedule { readonly choice: ScheduleChoice; readonly predicted: number; readonly row: TunedRow; readonly isModel: boolean; readonly isIncumbent: boolean; readonly wrong?: string }
/** All that were measured, from fast to slow, the one that is better than the model's beyond the noise, and the device in a sentence. */
export interface SearchResult { readonly schedules: readonly MeasuredSchedule[]; readonly winner: MeasuredSchedule | undefined; readonly reached: number; readonly launchable: number; readonly device: string }

/** Measures schedules of one launch inside calls of its whole variant. Rejects with Interrupted when the signal is set off. */
export async function searchLaunch(s: LaunchSearch): Promise<SearchResult> {
  const found = candidatesOf(s);
  const bar = progress(`compiling ${s.launch.symbol}`);
  await using session = await openSession(found.candidates.map((c) => c.piece), s.on, bar.update, s.signal).finally(bar.stop);
  return await measureFound(s, session, found);
}

/** What a search is about to measure, the model's schedule first. */
export interface Found extends Omit<Search, 'candidates'> { readonly candidates: readonly Built[] }
export interface Built extends Candidate { readonly piece: Piece }

/** Schedules of a launch that are worth measuring, each as a piece that is not compiled yet. */
export function candidatesOf(s: LaunchSearch): Found {
  const { plan, launch, lengths, processors, top, within, incumbent } = s;
  const found = searchSchedules(plan, launch, { lengths, processors, top, within, ...(incumbent && { incumbent }), others: (l) => { const choice = s.chosen.get(l.symbol); return choice && fixed(choice); } });
  return { ...found, candidates: distinct(found, (v) => pieceOf(s.source, v)) };
}

/** Measures candidates that are compiled, on a device over their pieces. */
export async function measureFound(s: LaunchSearch, session: Pick<Session, 'device' | 'failed'>, { candidates, reached, launchable }: Found): Promise<SearchResult> {
  s.signal.throwIfAborted();
  return { ...(await measure(s, session, candidates)), reached, launchable, device: session.device.description };
}

/** Of so many timings the least counts as one: other work on the processor's cores only ever adds. */
const tries: Readonly<Record<MeasuredDevice, number>> = { cpu: 3, cuda: 1 };

/** Schedules that come to the same text are one. */
function distinct({ candidates }: Search, piece: (v: CompiledVariant) => Piece): readonly Built[] {
  const all = candidates.map((c): Built => ({ ...c, piece: piece(c.compiled) }));
  return all.filter((c, i) => all.findIndex((o) => o.piece.name === c.piece.name) === i);
}

async function measure(s: LaunchSearch, { device, failed }: Pick<Session, 'device' | 'failed'>, candidates: readonly Built[]): Promise<Pick<SearchResult, 'schedules' | 'winner'>> {
  const [model] = candidates;
  if (model === undefined) return { schedules: [], winner: undefined };
  const { def } = s.plan;
  using inputs = callsOf(device, def, model.piece.entry, s.lengths, true, s.scalars);
  const [call] = inputs.calls;
  const refusal = failed.get(model.piece.name);
  if (refusal !== undefined) throw new BuildError(refusal);
  const expected = await resultsOf(device, model.piece.name, call);
  const wrong = new Map<string, string>();
  const timed = pieceTimer(device, s.on, inputs);
  const checked = new Set([model.piece.name]);
  const timer = async (i: number): Promise<number> => {
    s.signal.throwIfAborted();
    const { name } = candidates[i]?.piece ?? model.piece;
    const refused = failed.get(name);
    if (refused !== undefined) throw new Error(refused);
    if (!checked.has(name)) {
      const why = disagreement(def, s.lengths, expected, await resultsOf(device, name, call));
      checked.add(name);
      if (why !== undefined) { wrong.set(name, why); throw new Error(why); }
    }
    const times = [];
    for (let n = 0; n < tries[s.on]; n++) times.push(await timed(name));
    return Math.min(...times);
  };
  const bar = progress(`measuring ${s.launch.symbol}`);
  const tuned = await tune(candidates.length, timer, { repeats: s.repeats, progress: bar.update }).finally(bar.stop);
  s.signal.throwIfAborted();
  const incumbent = JSON.stringify(s.incumbent);
  const schedules = tuned.rows.flatMap((row): MeasuredSchedule[] => {
    const c = candidates[row.candidate];
    const why = c && wrong.get(c.piece.name);
    return c ? [{ choice: c.choice, predicted: c.predicted, row, isModel: row.candidate === 0, isIncumbent: JSON.stringify(c.choice) === incumbent, ...(why !== undefined && { wrong: why }) }] : [];
  });
  return { schedules, winner: schedules.find((x) => x.row.candidate === tuned.winner) };
}
