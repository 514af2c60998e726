/** A share and where the true one lies with 95 % confidence. */
export interface Interval { readonly low: number; readonly high: number }

/** The quantile of the normal distribution that leaves 2.5 % on each side. */
export const z95 = 1.959963984540054;

/** Wilson's interval for `right` of `count` cases; `right` may be a sum of scores of [0, 1], for which it is on the safe side. All of [0, 1] for no case. */
export function wilson(right: number, count: number): Interval {
  if (count === 0) return { low: 0, high: 1 };
  const share = right / count;
  const spread = z95 ** 2 / count;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Math.sqrt((share * (1 - share)) * spread + spread ** 2 / 4)) / (1 + spread);
  // Rounding must not push the interval off the share it is about, nor out of [0, 1].
  return { low: Math.max(0, Math.min(share, centre - half)), high: Math.min(1, Math.max(share, centre + half)) };
}
