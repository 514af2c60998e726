/** A buffer between what comes when it comes and who reads it in order. */
export interface Feed<T> {
  push(item: T): void;
  /** Nothing follows; a reader gets what is buffered, then the error if there is one. */
  end(error?: unknown): void;
  /** The next item; undefined after the last one, or when `ms` pass without one (then `waiting` is true). */
  next(ms: number): Promise<Fed<T>>;
}

export type Fed<T> =
  | { readonly kind: 'item'; readonly item: T }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'end' };

/**
 * A feed without a bound: a client that reads slowly must not hold the device, and what it may leave unread is one
 * answer. One reader only.
 */
export function createFeed<T>(): Feed<T> {
  const items: T[] = [];
  let ended: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  return {
    push(item) { items.push(item); wake(); },
    end(error) { ended ??= { error }; wake(); },
    async next(ms) {
      if (items.length === 0 && ended === undefined) await sleep(ms, (stop) => { wake = stop; });
      const [item] = items;
      if (items.length > 0) { items.shift(); return { kind: 'item', item: item as T }; }
      if (ended === undefined) return { kind: 'quiet' };
      if (ended.error !== undefined) throw ended.error;
      return { kind: 'end' };
    },
  };
}

const sleep = (ms: number, stopper: (stop: () => void) => void): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms);
  stopper(() => { clearTimeout(timer); resolve(); });
});
