import type { Device } from './device.js';

/** Events of `work`. The signal drops what is queued on the device, and its reason is what the caller gets. */
export async function* abortable<T>(device: Device, signal: AbortSignal | undefined, work: AsyncGenerator<T>): AsyncGenerator<T> {
  signal?.throwIfAborted();
  using _ = cancelling(device, signal);
  try {
    yield* work;
  } catch (e) {
    throw reasonOf(e, signal);
  }
}

/** {@link abortable} for work with one result. */
export async function abortableResult<T>(device: Device, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  using _ = cancelling(device, signal);
  try {
    return await work();
  } catch (e) {
    throw reasonOf(e, signal);
  }
}

function cancelling(device: Device, signal: AbortSignal | undefined): Disposable {
  const stop = (): void => device.cancel();
  signal?.addEventListener('abort', stop);
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', stop) };
}

/** Dropped work rejects with the device's own error. */
const reasonOf = (error: unknown, signal: AbortSignal | undefined): unknown => (signal?.aborted === true ? signal.reason : error);
