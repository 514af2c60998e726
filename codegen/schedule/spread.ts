/** What many measurements of one thing say: the middle one, the tenth and the ninetieth of a hundred, and the median distance from the middle one. */
export interface Spread { readonly median: number; readonly p10: number; readonly p90: number; readonly mad: number; readonly samples: number }

/** The spread of some numbers. NaN throughout where there are none. */
export function spreadOf(samples: readonly number[]): Spread {
  const median = quantile(samples, 0.5);
  return { median, p10: quantile(samples, 0.1), p90: quantile(samples, 0.9), mad: quantile(samples.map((x) => Math.abs(x - median)), 0.5), samples: samples.length };
}

/** Linear between the two samples that stand nearest. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** The standard deviation of a normal distribution with this median distance. */
export const deviation = ({ mad }: Pick<Spread, 'mad'>): number => 1.4826 * mad;

/** How far a median may lie from the true one: its standard error for normal noise. */
export const medianError = (s: Spread): number => (1.2533 * deviation(s)) / Math.sqrt(Math.max(1, s.samples));
