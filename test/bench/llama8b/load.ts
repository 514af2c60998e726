import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { open } from '../../gpu/open.js';
import type { EightBOptions } from './options.js';
import { decoderOf } from './ours.js';
import { python } from './python.js';
import type { LoadRow } from './report.js';

const readBytes = 2 ** 23;

/** Files to device: once after the system has forgotten the files, where it lets go of them, then twice from its memory; and the same files read into buffers, which the disk or the memory bounds. */
export async function load(options: EightBOptions): Promise<readonly LoadRow[]> {
  const rows: LoadRow[] = [];
  const bytes = readdirSync(options.model).filter((f) => f.endsWith('.safetensors')).reduce((n, f) => n + statSync(join(options.model, f)).size, 0);
  if (await forgets(options)) rows.push({ how: 'files not in memory', bytes, ...(await loaded(options)) });
  else await loaded(options);
  for (let i = 0; i < 2; i++) rows.push({ how: 'files in memory', bytes, ...(await loaded(options)) });
  const began = performance.now();
  await readAll(options.model);
  return [...rows, { how: 'reading alone', bytes, seconds: (performance.now() - began) / 1000, reading: undefined }];
}

/** One load, the device's own opening apart. */
async function loaded({ model, device: kind }: EightBOptions): Promise<Pick<LoadRow, 'seconds' | 'reading'>> {
  await using device = open(kind);
  await device.sync();
  const trace = device.trace();
  const began = performance.now();
  using _ = await decoderOf(model, device);
  const ms = performance.now() - began;
  const reads = (await trace.end()).filter((s) => s.lane.startsWith('files '));
  const threads = new Set(reads.map((s) => s.lane)).size;
  return { seconds: ms / 1000, reading: threads === 0 ? undefined : reads.reduce((n, s) => n + s.to - s.from, 0) / (threads * ms) };
}

/** Whether the system has let go of what it holds of the files. */
async function forgets(options: EightBOptions): Promise<boolean> {
  const said = await python(options, 'forget', { model: options.model });
  return said.kind === 'said' && said.lines.some((line) => line['forgotten'] === true);
}

/** Every shard by a thread of its own, as many at a time as there are cores. */
async function readAll(dir: string): Promise<void> {
  const waiting = readdirSync(dir).filter((f) => f.endsWith('.safetensors')).map((f) => join(dir, f)).sort((a, b) => statSync(b).size - statSync(a).size);
  const one = (): Promise<void> => new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { reads: true } });
    const next = (): void => {
      const file = waiting.shift();
      if (file === undefined) worker.terminate().then(() => resolve(), reject);
      else worker.postMessage(file);
    };
    worker.on('message', next);
    worker.on('error', reject);
    next();
  });
  await Promise.all(Array.from({ length: Math.min(waiting.length, availableParallelism()) }, one));
}

if (!isMainThread && parentPort !== null && (workerData as { readonly reads?: boolean } | null)?.reads === true) {
  const port = parentPort;
  const buffer = new Uint8Array(readBytes);
  port.on('message', (path: string) => {
    const file = openSync(path, 'r');
    while (readSync(file, buffer) > 0) { /* to the end */ }
    closeSync(file);
    port.postMessage('done');
  });
}
