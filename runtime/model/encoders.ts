import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Threads that cut texts into tokens, each with a tokenizer of its own. They keep no process alive that has nothing else to do. */
export interface Encoders extends AsyncDisposable {
  /** Starts the threads now, before anybody waits for them, so that they are warm; unless this is called, the first text does. */
  start(): void;
  /** Ids of a text alone. Rejects where the thread failed, or the threads are ended. */
  encode(text: string): Promise<Int32Array>;
  /** While threads start, which takes longer than many texts: computes here one that waits for them, if there is one; whether there was. */
  help(encode: (text: string) => ArrayLike<number>): boolean;
}

interface Job { readonly text: string; readonly resolve: (ids: Int32Array) => void; readonly reject: (reason: unknown) => void }

/** `count` threads over the tokenizer of a model directory, which they read beside whatever the caller does. */
export function encoders(dir: string, count: number): Encoders {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const starting = new Set<Worker>();
  const all: Worker[] = [];
  const working = new Map<Worker, Job>();
  let over: Error | undefined;

  const take = (worker: Worker): void => {
    const job = waiting.shift();
    if (job === undefined) {
      worker.unref();
      idle.push(worker);
      return;
    }
    working.set(worker, job);
    worker.ref();
    worker.postMessage(job.text);
  };
  const finished = (worker: Worker): Job | undefined => {
    const job = working.get(worker);
    working.delete(worker);
    return job;
  };
  let started = false;
  const start = (ahead: boolean): void => {
    if (started || over !== undefined) return;
    started = true;
    for (let i = 0; i < count; i++) startOne(ahead);
  };
  const startOne = (ahead: boolean): void => {
    // Flags of the process, as of `node -e`, may make no sense for a file.
    const worker = new Worker(workerFile(), { workerData: { dir, ahead }, execArgv: [] });
    worker.on('message', (ids: Int32Array | undefined) => {
      starting.delete(worker);
      if (ids !== undefined) finished(worker)?.resolve(ids);
      take(worker);
    });
    // One that fails takes nothing more; where all have, nobody waits.
    worker.on('error', (reason) => {
      finished(worker)?.reject(reason);
      starting.delete(worker);
      for (const list of [all, idle]) if (list.includes(worker)) list.splice(list.indexOf(worker), 1);
      if (all.length === 0) end(reason instanceof Error ? reason : new Error(String(reason)));
    });
    worker.unref();
    starting.add(worker);
    all.push(worker);
  };
  function end(reason: Error): void {
    over ??= reason;
    for (const job of [...waiting.splice(0), ...working.values()]) job.reject(reason);
    working.clear();
  }
  return {
    start: () => start(true),
    encode: (text) => new Promise((resolve, reject) => {
      if (over !== undefined) {
        reject(over);
        return;
      }
      start(false);
      waiting.push({ text, resolve, reject });
      const worker = idle.pop();
      if (worker !== undefined) take(worker);
      else for (const other of starting) other.ref();
    }),
    help: (encode) => {
      const job = starting.size > 0 ? waiting.pop() : undefined;
      if (job === undefined) return false;
      try {
        job.resolve(Int32Array.from(encode(job.text)));
      } catch (reason) {
        job.reject(reason);
      }
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      end(new Error('the threads that encode were ended'));
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

/** Beside this file in JavaScript, and where it is compiled to when this is TypeScript. */
function workerFile(): string {
  const [beside = '', compiled] = ['./encoderThread.js', '../../build/ts/runtime/model/encoderThread.js'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return [beside, compiled].find((file) => file !== undefined && existsSync(file)) ?? beside;
}
