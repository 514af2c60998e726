import { medianError, type Spread, spreadOf } from './spread.js';

/** Seconds of one call of a candidate. Rejects where it cannot run. */
export type Timer = (candidate: number) => Promise<number>;

export interface TuneOptions {
  /** Rounds in which every candidate is timed once; the finalists run twice as many more. */
  readonly repeats: number;
  /** Candidates that are measured again before one may win. */
  readonly finalists?: number;
  /** Called after every timing: how many are done, of how many at most. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * One candidate as it was measured. `time` in seconds. `ratio`: its time over the default's of the same round. `final`: whether both
 * come from the rounds of the finalists. `failed`: why it has no time.
 */
export interface TunedRow { readonly candidate: number; readonly time: Spread; readonly ratio: Spread; readonly final: boolean; readonly failed?: string }
/** Rows from fast to slow; the candidate that is better than the default beyond the noise, if one is. */
export interface Tuned { readonly rows: readonly TunedRow[]; readonly winner: number | undefined }

/** What is slower than the default by more after the first rounds is not timed again. */
const hopeless = 1.5;
/** Gains below this are not worth a line in a table, however sure they are. */
const leastGain = 0.01;
/** Standard errors that luck does not bridge: more where few samples tell of the noise. */
const surely = (samples: number): number => 3 + 15 / samples;

/**
 * Times candidates 0 … count − 1 against each other, the default being 0. Every round times each once, beginning with another
 * one, so that what changes with time (clocks, neighbours) falls on all alike; a candidate is judged by its ratios to the
 * default of the same round. The few that look best are measured anew and judged by that alone: the luckiest of many is
 * not the best. Rejects where the default itself cannot run.
 */
export async function tune(count: number, timer: Timer, { repeats, finalists = 4, progress = () => {} }: TuneOptions): Promise<Tuned> {
  const failed = new Map<number, string>();
  const all = repeats * (count + 2 * (Math.min(finalists, count - 1) + 1));
  let done = 0;
  const rounds = async (candidates: readonly number[], repeated: number, keep: (ratios: readonly number[]) => boolean): Promise<ReadonlyMap<number, readonly Sample[]>> => {
    const samples = new Map(candidates.map((c) => [c, [] as Sample[]]));
    for (let round = 0; round < repeated; round++) {
      const running = candidates.filter((c) => !failed.has(c) && (c === 0 || keep((samples.get(c) ?? []).map((s) => s.ratio))));
      const first = round % running.length;
      const times = new Map<number, number>();
      for (const c of [...running.slice(first), ...running.slice(0, first)]) {
        try {
          times.set(c, await timer(c));
        } catch (error) {
          if (c === 0) throw error;
          failed.set(c, error instanceof Error ? error.message : String(error));
        }
        progress(Math.min(++done, all), all);
      }
      const base = times.get(0) ?? Number.NaN;
      for (const [c, seconds] of times) samples.get(c)?.push({ seconds, ratio: seconds / base });
    }
    return samples;
  };
  const first = await rounds(Array.from({ length: count }, (_, i) => i), repeats, (ratios) => ratios.length < 2 || spreadOf(ratios).median < hopeless);
  const ranked = rowsOf(first, failed, false);
  const best = ranked.filter((r) => r.candidate !== 0 && r.failed === undefined).slice(0, finalists);
  const last = best.length === 0 ? [] : rowsOf(await rounds([0, ...best.map((r) => r.candidate)], 2 * repeats, () => true), failed, true);
  progress(all, all);
  const better = last.filter((r) => r.candidate !== 0 && r.failed === undefined && r.ratio.median < 1 - Math.max(leastGain, surely(r.ratio.samples) * medianError(r.ratio)));
  const rest = ranked.filter((r) => !last.some((l) => l.candidate === r.candidate));
  return { rows: [...last, ...rest].sort(byRatio), winner: better[0]?.candidate };
}

interface Sample { readonly seconds: number; readonly ratio: number }

const rowsOf = (samples: ReadonlyMap<number, readonly Sample[]>, failed: ReadonlyMap<number, string>, final: boolean): readonly TunedRow[] =>
  [...samples].map(([candidate, own]): TunedRow => {
    const why = failed.get(candidate);
    return { candidate, time: spreadOf(own.map((s) => s.seconds)), ratio: spreadOf(own.map((s) => s.ratio)), final, ...(why !== undefined && { failed: why }) };
  }).sort(byRatio);

/** What failed comes last. */
const byRatio = (a: TunedRow, b: TunedRow): number => (a.failed === undefined ? 0 : 1) - (b.failed === undefined ? 0 : 1) || (a.failed === undefined ? a.ratio.median - b.ratio.median : a.candidate - b.candidate);
