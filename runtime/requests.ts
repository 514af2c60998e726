import { abortableResult } from './abortable.js';
import type { Device } from './device.js';
import type { GenerateEvent } from './events.js';
import type { Lifetime } from './lifetime.js';
import type { Queue } from './queue.js';
import { spannedAsync } from './spans.js';

/** Where requests wait for each other, and within which time they may run. */
export interface Desk { readonly device: Device; readonly turns: Queue; readonly life: Lifetime }
interface Abortable { readonly signal?: AbortSignal | undefined }

/** The events of a request when its turn has come; they end with the desk's lifetime, and say how long the request waited. */
export function answering<R extends Abortable>({ turns, life }: Desk, request: R, work: (request: R) => AsyncGenerator<GenerateEvent>): AsyncGenerator<GenerateEvent> {
  return life.events(inTurn());

  async function* inTurn(): AsyncGenerator<GenerateEvent> {
    using linked = life.linked(request.signal);
    const came = performance.now();
    using _ = await spannedAsync('requests', 'wait', () => turns.enter(linked.signal));
    const queue = (performance.now() - came) / 1000;
    for await (const event of work({ ...request, signal: linked.signal })) yield event.type === 'done' ? { ...event, timings: { ...event.timings, queue } } : event;
  }
}

/** The result of a request when its turn has come. */
export async function resulting<R extends Abortable, T>({ device, turns, life }: Desk, request: R, work: (request: R) => Promise<T>): Promise<T> {
  life.check();
  const inTurn = async (): Promise<T> => {
    using linked = life.linked(request.signal);
    using _ = await spannedAsync('requests', 'wait', () => turns.enter(linked.signal));
    return await abortableResult(device, linked.signal, async () => await work({ ...request, signal: linked.signal }));
  };
  return await life.during(inTurn());
}
