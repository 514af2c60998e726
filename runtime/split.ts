/** What a kernel whose blocks share an axis is launched with: blocks without the split, steps of the shared axis, blocks the device runs at a time. */
export interface SplitCase { readonly blocks: number; readonly steps: number; readonly slots: number }

/** A smaller count is taken where it is within this share of the best. */
const nearlyBest = 0.85;
/** Joining the parts reads every one of them. */
const mostParts = 256;

/**
 * How many parts share the axis: the fewest whose blocks fill the waves of the device within 85 % of what any number of
 * parts would. Every part has at least one step, and equal parts of whole steps leave none over.
 */
export function partCount(c: SplitCase): number {
  const most = Math.min(c.steps, mostParts);
  let best = filled(c, 1);
  for (let parts = 2; parts <= most; parts++) if (isEven(c.steps, parts)) best = Math.max(best, filled(c, parts));
  let parts = 1;
  while (filled(c, parts) < nearlyBest * best || !isEven(c.steps, parts)) parts++;
  return parts;
}

/** The share of the device's time in which its waves have blocks: 133 blocks for 132 places take two waves, half empty. */
export function filled({ blocks, slots }: SplitCase, parts: number): number {
  const waves = (blocks * parts) / slots;
  return waves === 0 ? 1 : waves / Math.ceil(waves);
}

/** 10 steps in 7 parts are 2 steps each, which five parts take. */
const isEven = (steps: number, parts: number): boolean => parts === 1 || Math.ceil(steps / Math.ceil(steps / parts)) === parts;
