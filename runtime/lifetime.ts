import { setMaxListeners } from 'node:events';
import { RuntimeError } from './error.js';

/** The time in which something may be used. What runs when it ends is aborted, and has given back its memory when `end` resolves. */
export interface Lifetime {
  /** Fires when it ends. */
  readonly ended: AbortSignal;
  /** Throws R408 where it has ended. */
  check(): void;
  /** A signal that fires with the caller's and at the end, for work that runs within; disposed when that is over. */
  linked(given?: AbortSignal): { readonly signal: AbortSignal } & Disposable;
  /** Events of `work`, ended with the lifetime even where nobody asks for the next one. */
  events<T>(work: AsyncGenerator<T>): AsyncGenerator<T>;
  /** A promise that `end` waits for. */
  during<T>(work: Promise<T>): Promise<T>;
  /** A second call resolves with the first. */
  end(): Promise<void>;
}

/** `what` happened when it has ended, and `remedy` is what to do about it. Within another one it ends with that, for its reason. */
export function lifetime(what: string, remedy: string, within?: Lifetime): Lifetime {
  const ending = new AbortController();
  const above = within?.ended;
  const running = new Set<() => Promise<unknown>>();
  let over: Promise<void> | undefined;
  const check = (): void => {
    above?.throwIfAborted();
    ending.signal.throwIfAborted();
  };
  return {
    ended: ending.signal, check,
    linked: (given) => linked([ending.signal, ...(above === undefined ? [] : [above]), ...(given === undefined ? [] : [given])]),
    async *events(work) {
      check();
      const stop = async (): Promise<unknown> => await work.return(undefined).catch(() => undefined);
      running.add(stop);
      try {
        for (;;) {
          const next = await work.next();
          // Ended from outside while nobody asked.
          check();
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        running.delete(stop);
        await stop();
      }
    },
    async during(work) {
      const settled = async (): Promise<unknown> => await work.catch(() => undefined);
      running.add(settled);
      try {
        return await work;
      } finally {
        running.delete(settled);
      }
    },
    end() {
      ending.abort(new RuntimeError('R408', what, { remedy }));
      over ??= Promise.all([...running].map((stop) => stop())).then(() => undefined);
      return over;
    },
  };
}

/** As AbortSignal.any, but forgotten when it is disposed: a model outlives millions of requests. */
function linked(signals: readonly AbortSignal[]): { readonly signal: AbortSignal } & Disposable {
  const own = new AbortController();
  // One signal may end any number of requests: many listeners are no leak here, and each goes with its request.
  setMaxListeners(0, ...signals);
  const listeners = signals.map((from) => {
    const fire = (): void => own.abort(from.reason);
    if (from.aborted) fire();
    else from.addEventListener('abort', fire, { once: true });
    return () => from.removeEventListener('abort', fire);
  });
  return { signal: own.signal, [Symbol.dispose]: () => { for (const forget of listeners) forget(); } };
}
