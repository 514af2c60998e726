// A thread of encoders.ts: texts come in, ids go out.
import { parentPort, workerData } from 'node:worker_threads';
import { readTokenizer } from './tokenizer.js';

// Given by encoders.ts.
const { dir } = workerData as { readonly dir: string };
const { encode } = await readTokenizer(dir);
parentPort?.on('message', (text: string) => {
  const ids = Int32Array.from(encode(text));
  parentPort?.postMessage(ids, [ids.buffer]);
});
