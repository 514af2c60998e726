/** The right to use what only one may use at a time; disposing it lets the next one in. */
export type Turn = Disposable;

/** Who comes first is served first. */
export interface Queue {
  /** Resolves when everybody before has gone. A signal takes the caller out of the queue and rejects with its reason. */
  enter(signal?: AbortSignal): Promise<Turn>;
  /** How many wait. */
  readonly waiting: number;
  /** Whether somebody has the turn. */
  readonly busy: boolean;
}

export function queue(): Queue {
  const waiting: (() => void)[] = [];
  let busy = false;
  const turn = (): Turn => {
    let over = false;
    return {
      [Symbol.dispose]: () => {
        if (over) return;
        over = true;
        const next = waiting.shift();
        if (next === undefined) busy = false;
        else next();
      },
    };
  };
  return {
    get waiting() { return waiting.length; },
    get busy() { return busy; },
    async enter(signal) {
      signal?.throwIfAborted();
      if (!busy) {
        busy = true;
        return turn();
      }
      return await new Promise<Turn>((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(come), 1);
          reject(signal?.reason);
        };
        const come = (): void => {
          signal?.removeEventListener('abort', leave);
          resolve(turn());
        };
        waiting.push(come);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
