// A thread of encoders.ts: texts come in, ids go out.
import { parentPort, workerData } from 'node:worker_threads';
import { readTokenizer } from './tokenizer.js';

// Given by encoders.ts.
const { dir, ahead } = workerData as { readonly dir: string; readonly ahead: boolean };
const { encode, decode } = await readTokenizer(dir);
// The first texts of a thread take thrice as long, while the machine's code is being made: where nobody waits yet, the vocabulary goes first.
if (ahead) for (let from = 0; from < 8192; from += 1024) encode(decode(Array.from({ length: 1024 }, (_, i) => from + i)));
// From here on it takes texts.
parentPort?.postMessage(undefined);
parentPort?.on('message', (text: string) => {
  const ids = Int32Array.from(encode(text));
  parentPort?.postMessage(ids, [ids.buffer]);
});
