import { Presets, SingleBar } from 'cli-progress';

/** Shows how far long work is: a bar on stderr when a terminal is attached, nothing otherwise. */
export interface Progress { readonly update: (done: number, total: number, what?: string) => void; readonly stop: () => void }

export function progress(name: string, terminal: boolean = process.stderr.isTTY === true): Progress {
  if (!terminal) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({ format: `${name} {bar} {value}/{total} {what}`, stream: process.stderr, clearOnComplete: true, hideCursor: true }, Presets.rect);
  let started = false;
  return {
    update: (done, total, what = '') => {
      if (!started) bar.start(total, done, { what });
      else bar.update(done, { what });
      bar.setTotal(total);
      started = true;
    },
    stop: () => { if (started) bar.stop(); },
  };
}
