/** What a kernel whose blocks share an axis is launched with: blocks without the split, steps of the shared axis, blocks the device runs at a time. */
export interface SplitCase { readonly blocks: number; readonly steps: number; readonly slots: number }

/** Steps that the time of a block is worth in which it takes none: its start, and its part written and read again. */
const stepsBeside = 3;
/** Joining the parts reads every one of them. */
const mostParts = 256;

/**
 * How many parts share the axis: as many as take the least time, the fewest of those. Every part has at least one step,
 * and equal parts of whole steps leave none over.
 */
export function partCount(c: SplitCase): number {
  let best = 1;
  for (let parts = 2; parts <= Math.min(c.steps, mostParts); parts++) if (isEven(c.steps, parts) && timeOf(c, parts) < timeOf(c, best)) best = parts;
  return best;
}

/** In steps, what the device's waves of blocks take one after the other: 133 blocks for 132 places are two waves. */
export const timeOf = ({ blocks, steps, slots }: SplitCase, parts: number): number => Math.ceil((blocks * parts) / slots) * (Math.ceil(steps / parts) + stepsBeside);

/** 10 steps in 7 parts are 2 steps each, which five parts take. */
const isEven = (steps: number, parts: number): boolean => parts === 1 || Math.ceil(steps / Math.ceil(steps / parts)) === parts;
