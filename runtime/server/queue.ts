import { ApiError } from './apiError.js';

/** The right to work with the model; disposing it lets the next request in. */
export type Turn = Disposable;

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

interface Waiter { readonly start: () => void; readonly refuse: (error: ApiError) => void }

/** One request works at a time, `limit` may wait. `now`: milliseconds, to guess how long a turn takes. */
export function createQueue(limit: number, now: () => number = () => performance.now()): Queue {
  const waiters: Waiter[] = [];
  const idlers: (() => void)[] = [];
  let running = 0;
  let closed = false;
  let usualMs = 1000;

  const take = (): Turn => {
    running++;
    const began = now();
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        running--;
        usualMs = 0.8 * usualMs + 0.2 * (now() - began);
        waiters.shift()?.start();
        if (running === 0) for (const resolve of idlers.splice(0)) resolve();
      },
    };
  };

  const wait = (signal: AbortSignal): Promise<Turn> => new Promise((resolve, reject) => {
    const leave = (): void => {
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(signal.reason);
    };
    const waiter: Waiter = {
      start: () => { signal.removeEventListener('abort', leave); resolve(take()); },
      refuse: (error) => { signal.removeEventListener('abort', leave); reject(error); },
    };
    signal.addEventListener('abort', leave, { once: true });
    waiters.push(waiter);
  });

  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (closed) throw shuttingDown();
      if (running === 0) return take();
      if (waiters.length >= limit) throw full(limit, (usualMs * (waiters.length + 1)) / 1000);
      return wait(signal);
    },
    get waiting() { return waiters.length; },
    get running() { return running; },
    get closed() { return closed; },
    close() {
      closed = true;
      for (const waiter of waiters.splice(0)) waiter.refuse(shuttingDown());
    },
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}

/** Seconds a client is told to wait at most: long enough to help, short enough to come back. */
const longestRetry = 60;

const full = (limit: number, seconds: number): ApiError =>
  new ApiError(429, `${limit} requests are waiting already; try again later`, { code: 'queue_full', retryAfter: Math.min(longestRetry, Math.max(1, Math.ceil(seconds))) });

export const shuttingDown = (): ApiError => new ApiError(503, 'the server is shutting down', { code: 'shutting_down', retryAfter: 10 });
