import type { Span } from '../device.js';

/** A time in which the device did nothing, and what it did before and after; at the ends of the time looked at, nothing. */
export interface Gap { readonly from: number; readonly to: number; readonly before: string | undefined; readonly after: string | undefined }

/** Times between `from` and `to` in which none of the spans ran, in order. */
export function gapsBetween(spans: readonly Span[], from: number, to: number): readonly Gap[] {
  const inside = spans.filter((s) => s.to > from && s.from < to).sort((a, b) => a.from - b.from);
  const gaps: Gap[] = [];
  let [end, before]: [number, string | undefined] = [from, undefined];
  for (const span of inside) {
    if (span.from > end) gaps.push({ from: end, to: span.from, before, after: span.name });
    if (span.to >= end) [end, before] = [span.to, span.name];
  }
  if (end < to) gaps.push({ from: end, to, before, after: undefined });
  return gaps;
}
