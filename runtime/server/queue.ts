import { queue, type Turn } from '../queue.js';
import { ApiError } from './apiError.js';

/** Who works with the model, and who waits. */
export interface Queue {
  /**
   * Waits for a turn, in order of arrival. Throws an ApiError with status 429 when `limit` requests wait already and 503
   * once closed; the signal's reason when it fires first.
   */
  enter(signal: AbortSignal): Promise<Turn>;
  readonly waiting: number;
  readonly running: number;
  readonly closed: boolean;
  /** Turns away who waits and who comes. */
  close(): void;
  /** Settles when nobody works any more. */
  idle(): Promise<void>;
}

/** One request works at a time, `limit` may wait. `now`: milliseconds, to guess how long a turn takes. */
export function createQueue(limit: number, now: () => number = () => performance.now()): Queue {
  const turns = queue();
  const closing = new AbortController();
  const idlers: (() => void)[] = [];
  let usualMs = 1000;

  const timed = (turn: Turn): Turn => {
    const began = now();
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        usualMs = 0.8 * usualMs + 0.2 * (now() - began);
        turn[Symbol.dispose]();
        if (!turns.busy) for (const resolve of idlers.splice(0)) resolve();
      },
    };
  };

  return {
    async enter(signal) {
      signal.throwIfAborted();
      closing.signal.throwIfAborted();
      if (turns.busy && turns.waiting >= limit) throw full(limit, (usualMs * (turns.waiting + 1)) / 1000);
      return timed(await turns.enter(turns.busy ? AbortSignal.any([signal, closing.signal]) : signal));
    },
    get waiting() { return turns.waiting; },
    get running() { return turns.busy ? 1 : 0; },
    get closed() { return closing.signal.aborted; },
    close: () => closing.abort(shuttingDown()),
    idle: () => (turns.busy ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  };
}

/** Seconds a client is told to wait at most: long enough to help, short enough to come back. */
const longestRetry = 60;

const full = (limit: number, seconds: number): ApiError =>
  new ApiError(429, `${limit} requests are waiting already; try again later`, { code: 'queue_full', retryAfter: Math.min(longestRetry, Math.max(1, Math.ceil(seconds))) });

export const shuttingDown = (): ApiError => new ApiError(503, 'the server is shutting down', { code: 'shutting_down', retryAfter: 10 });
