import type { Span } from '../device.js';
import { readingSpan } from '../spans.js';
import { type Gap, gapsBetween } from './gaps.js';

/** What the device did while something was read: seconds of that, seconds in which it did nothing, and the longest such time. */
export interface TraceSummary { readonly seconds: number; readonly idle: number; readonly largest: Gap | undefined }

/** Of the longest reading in the trace; undefined where nothing was read. */
export function summaryOf(host: readonly Span[], device: readonly Span[]): TraceSummary | undefined {
  const readings = host.filter((s) => s.lane === readingSpan.lane && s.name === readingSpan.name);
  const [reading] = readings.sort((a, b) => b.to - b.from - (a.to - a.from));
  if (reading === undefined) return undefined;
  const gaps = gapsBetween(device.filter((s) => s.lane === 'kernels' || s.lane === 'copies'), reading.from, reading.to);
  const length = (gap: Gap): number => gap.to - gap.from;
  return { seconds: (reading.to - reading.from) / 1000, idle: gaps.reduce((n, gap) => n + length(gap), 0) / 1000, largest: [...gaps].sort((a, b) => length(b) - length(a))[0] };
}

/** One sentence. */
export function summaryText({ seconds, idle, largest }: TraceSummary): string {
  const share = (s: number): string => `${((100 * s) / seconds).toFixed(1)} %`;
  const read = `read in ${seconds.toFixed(2)} s, in which the device did nothing for ${(1000 * idle).toFixed(0)} ms (${share(idle)})`;
  if (largest === undefined) return read;
  const long = (largest.to - largest.from) / 1000;
  return `${read}, at most ${(1000 * long).toFixed(1)} ms at once (${share(long)}), ${placeOf(largest)}`;
}

/** Where a gap lies. */
export function placeOf({ before, after }: Gap): string {
  if (before === undefined) return after === undefined ? 'all of the time' : `before the first launch, ${after}`;
  return after === undefined ? `behind the last launch, ${before}` : `between ${before} and ${after}`;
}
