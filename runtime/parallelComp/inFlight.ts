import type { Device } from '../device.js';
import { bytesNeeded, chunksInFlight, type MemoryPlan } from './memoryPlan.js';
import { outOfRange } from './options.js';

/** Rows that keep a GPU busy: beyond them nothing gets faster, and a launch takes longer to end when a request is aborted. */
const enoughRows = 32768;
/** What of a GPU's memory is used unasked; the rest is for its driver, and for blocks larger than the tensors in them. */
const share = 0.8;

/**
 * How many chunks of up to `rows` rows go through the model at once: as many as the budget allows. Without a budget one on
 * a processor, where more gain nothing, and on a GPU what keeps it busy and fits its memory. Throws R403 where the budget
 * does not allow one.
 */
export function inFlightOn(device: Pick<Device, 'kind' | 'stats'>, budget: number | undefined, plan: MemoryPlan, rows: number): number {
  if (budget !== undefined) {
    const allowed = chunksInFlight(plan, budget);
    if (allowed === 0) throw outOfRange('memoryBudget', budget, `at least ${bytesNeeded(plan, 1)} bytes: the weights take ${plan.fixed} of them`, 'raise it, or use smaller chunks, fewer of them or a lower capacity');
    return allowed;
  }
  const { capacityBytes } = device.stats();
  if (device.kind !== 'cuda' || capacityBytes === undefined) return 1;
  return Math.max(1, Math.min(chunksInFlight(plan, share * capacityBytes), Math.ceil(enoughRows / rows)));
}
