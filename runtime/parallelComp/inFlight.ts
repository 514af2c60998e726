import type { Device } from '../device.js';
import { bytesNeeded, chunksInFlight, type MemoryPlan } from './memoryPlan.js';
import { outOfRange } from './options.js';

/** Rows that keep a GPU busy: beyond them nothing gets faster, and a launch takes longer to end when a request is aborted. */
const enoughRows = 16384;
/** Bytes that a run takes beside the weights of a model, however much memory a GPU has: more chunks at once would gain nothing, and others may want it. */
const besideWeights = 6 * 2 ** 30;
/** Memory pools hold blocks of some sizes only, up to a quarter larger than the tensors in them. */
const blockOverhead = 1.25;

/**
 * How many chunks of up to `rows` rows go through the model at once: as many as the budget allows. Without a budget one on
 * a processor, where more gain nothing, and on a GPU what keeps it busy, fits its memory and stays within 6 GiB beside the
 * weights, but for what one chunk needs. Throws R403 where the budget
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
  const left = leftOn(device, plan);
  if (device.kind !== 'cuda' || left === undefined) return 1;
  const modest = chunksInFlight(plan, plan.fixed + besideWeights / blockOverhead);
  return Math.max(1, Math.min(allowed(left), modest, Math.ceil(enoughRows / rows)));
}

/** What the device could hold beside what is there and not in the plan: other documents. Undefined where nothing is known. */
function leftOn(device: Pick<Device, 'stats'>, plan: MemoryPlan): number | undefined {
  const { allocatedBytes, capacityBytes } = device.stats();
  return capacityBytes === undefined ? undefined : capacityBytes - Math.max(0, allocatedBytes - plan.fixed);
}

/** Stored rows that a question is asked over at once: one layer of them is joined with the question's own, and a launch stays short. */
const askedRows: Readonly<Record<Device['kind'], number>> = { cpu: 2 ** 14, reference: 2 ** 14, emulator: 2 ** 14, cuda: 2 ** 16 };

/** How many stored chunks of up to `rows` rows a question is asked over at once. Throws R403 where the budget does not allow one. */
export function askedAtOnce(device: Pick<Device, 'kind' | 'stats'>, budget: number | undefined, plan: MemoryPlan, rows: number): number {
  const most = Math.max(1, Math.floor(askedRows[device.kind] / rows));
  const bytes = budget ?? leftOn(device, plan);
  if (bytes === undefined) return most;
  const allowed = chunksInFlight(plan, bytes / blockOverhead);
  // Refused with what is needed.
  if (allowed === 0 && budget !== undefined) return inFlightOn(device, budget, plan, rows);
  return Math.max(1, Math.min(most, allowed));
}

/** A processor's memory belongs to other programs as well. */
const processorShare = 0.5;

/** Bytes that may be stored beside what a question needs, `plan`, with one chunk in flight. Throws R403 where a budget does not allow even that. */
export function bytesToStore(device: Pick<Device, 'kind' | 'stats'>, budget: number | undefined, plan: MemoryPlan): number {
  if (budget !== undefined) inFlightOn(device, budget, plan, 1);
  const left = leftOn(device, plan) ?? Number.POSITIVE_INFINITY;
  const bytes = budget ?? left * (device.kind === 'cuda' ? 1 : processorShare);
  return Math.max(0, bytes / blockOverhead - bytesNeeded(plan, 1));
}
