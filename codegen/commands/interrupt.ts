/** What an interrupted run ends with. */
export class Interrupted extends Error {
  readonly code = 'R499';
  constructor() {
    super('interrupted');
  }
}

/** Runs `work` with a signal that Ctrl-C sets off; what it was about then ends with `Interrupted`. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Interrupted());
  process.once('SIGINT', onInterrupt);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
