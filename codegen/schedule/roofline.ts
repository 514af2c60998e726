import { deviation, type Spread } from './spread.js';

/** Work of one call: operations by the unit that does them, and bytes that memory must move. */
export interface RooflineWork { readonly halves: number; readonly products: number; readonly elements: number; readonly bytes: number }
/** What the device does at best, per second. */
export interface RooflineRates { readonly whole: number; readonly halves: number; readonly memory: number }
/** What a device cannot be faster at. */
export type BoundKind = 'memory' | 'f32 arithmetic' | '16-bit products';
/** The least seconds that a call takes on a device with these rates, and what makes them. */
export interface RooflineBound { readonly kind: BoundKind; readonly seconds: number }

/** The roofline (Williams, Waterman, Patterson 2009), one slope for each unit: all work at once, each unit at its best. */
export function boundOf(work: RooflineWork, rates: RooflineRates): RooflineBound {
  const bounds: readonly RooflineBound[] = [
    { kind: 'memory', seconds: work.bytes / rates.memory },
    { kind: 'f32 arithmetic', seconds: (work.products + work.elements) / rates.whole },
    { kind: '16-bit products', seconds: work.halves / rates.halves },
  ];
  return bounds.reduce((most, b) => (b.seconds > most.seconds ? b : most));
}

/** How a time compares with an earlier one: its ratio, and whether the difference is more than both measurements' noise. */
export interface Change { readonly ratio: number; readonly verdict: 'slower' | 'faster' | 'same' }

/** Differences below this come and go between runs. */
const leastChange = 0.02;

/** Compares two measurements of one thing: what differs by three deviations, and by two hundredths, has changed. */
export function changeOf(now: Spread, before: Spread): Change {
  const ratio = now.median / before.median;
  const noise = Math.max(3 * Math.hypot(deviation(now), deviation(before)), leastChange * before.median);
  const isNoise = Math.abs(now.median - before.median) <= noise;
  return { ratio, verdict: isNoise ? 'same' : ratio > 1 ? 'slower' : 'faster' };
}
