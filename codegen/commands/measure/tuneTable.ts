import type { TargetName } from '../../../dsl/manifest.js';
import { choiceText } from '../../schedule/table.js';
import { medianError, type Spread } from '../../schedule/spread.js';
import { inTable } from '../table.js';
import { bar, secondsText } from './bars.js';
import type { MeasuredSchedule, SearchResult } from './search.js';

const barWidth = 30;

/** What was measured of one launch, from fast to slow: time of a call, its ratio to the model's schedule measured and estimated, and a bar of the ratio. */
export function tunedTable({ schedules, winner }: SearchResult, target: TargetName): string {
  const longest = Math.min(1.5, Math.max(...schedules.filter((s) => s.row.failed === undefined).map((s) => s.row.ratio.median)));
  const rows = schedules.map((s, i) => {
    const { row } = s;
    const what = choiceText(s.choice, target);
    if (row.failed !== undefined) return ['', what, '', '', '', s.predicted.toFixed(2), s.wrong === undefined ? `failed: ${firstLine(row.failed)}` : `wrong: ${s.wrong}`];
    const { median, mad } = row.time;
    return [`${i + 1}`, what, secondsText(median), `± ${((100 * mad) / median).toFixed(1)} %`, row.ratio.median.toFixed(3), s.predicted.toFixed(2), `${bar(row.ratio.median / longest, barWidth).padEnd(barWidth)}  ${remark(s, winner)}`.trimEnd()];
  });
  return inTable(['rank', 'schedule', 'median', 'spread', '× model', 'estimated', ''], rows);
}

function remark(s: MeasuredSchedule, winner: MeasuredSchedule | undefined): string {
  const kinds = [...(s === winner ? ['best'] : []), ...(s.isModel ? ['the model\'s'] : []), ...(s.isIncumbent ? ['in the table'] : [])];
  return kinds.join(', ');
}

/** The first line of what failed that says something. */
const firstLine = (text: string): string => text.split('\n').find((l) => /error|fatal/.test(l))?.trim() ?? text.split('\n')[0] ?? '';

/** `12.3 % ± 0.8 % faster than the model's`. */
export function gainText({ row }: MeasuredSchedule): string {
  return `${(100 * (1 - row.ratio.median)).toFixed(1)} % (± ${(100 * medianError(row.ratio)).toFixed(1)}) less time than the model's`;
}

/** Spread of equal calls above which a device has other work as well. */
const busy = 0.1;

/** A sentence on a device that is too busy to tell schedules apart; undefined where it is not. */
export function noiseText(spread: Spread): string | undefined {
  const share = spread.mad / spread.median;
  return share > busy ? `calls of one and the same kernel differ by ± ${(100 * share).toFixed(0)} %: the device has other work; measure when it has not, or with more --repeats` : undefined;
}
