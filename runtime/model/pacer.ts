import type { Device } from '../device.js';

/** Waits at the end of each of `layers` layers until at most `ahead` of them are still to run. */
export function pacer(device: Device, layers: number, ahead = layers): (layer: number) => Promise<void> {
  const running: Promise<void>[] = [];
  return async (layer) => {
    // A failure goes to one sync only, so none is asked for that will not be waited for.
    if (layer + ahead < layers) {
      const done = device.sync();
      done.catch(() => {});
      running.push(done);
    }
    if (layer >= ahead) await running.shift();
  };
}
