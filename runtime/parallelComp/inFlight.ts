import type { Device } from '../device.js';
import { bytesNeeded, chunksInFlight, type MemoryPlan } from './memoryPlan.js';
import { outOfRange } from './options.js';

/** Rows that keep a GPU busy: beyond them nothing gets faster, and a launch takes longer to end when a request is aborted. */
const enoughRows = 16384;
/** Memory pools hold blocks of some sizes only, up to a quarter larger than the tensors in them. */
const blockOverhead = 1.25;

/**
 * How many chunks of up to `rows` rows go through the model at once: as many as the budget allows. Without a budget one on
 * a processor, where more gain nothing, and on a GPU what keeps it busy and fits its memory. Throws R403 where the budget
 * does not allow one.
 */
export function inFlightOn(device: Pick<Device, 'kind' | 'stats'>, budget: number | undefined, plan: MemoryPlan, rows: number): number {
  const allowed = (bytes: number): number => chunksInFlight(plan, bytes / blockOverhead);
  if (budget !== undefined) {
    const chunks = allowed(budget);
    if (chunks > 0) return chunks;
    const needed = Math.ceil(bytesNeeded(plan, 1) * blockOverhead);
    throw outOfRange('memoryBudget', budget, `at least ${needed} bytes, of which the weights take ${Math.ceil(plan.fixed * blockOverhead)}`, 'raise it, or use smaller chunks, fewer of them or a lower capacity');
  }
  const { capacityBytes } = device.stats();
  if (device.kind !== 'cuda' || capacityBytes === undefined) return 1;
  return Math.max(1, Math.min(allowed(capacityBytes), Math.ceil(enoughRows / rows)));
}
