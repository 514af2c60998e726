// Writes a model of Llama-3-8B's exact shapes with random weights, as Hugging Face stores one: shards of safetensors in bf16, an
// index, config.json and a tokenizer. `node build/ts/test/bench/llama8b/weights.js --model DIR [--layers 32] [--quick]`. The
// same shapes give the same bytes on every machine.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { draw, normalTable, stateOf } from './draw.js';
import { eightBOptions } from './options.js';
import { configJson, configOf, type DrawnTensor, drawnTensors, type ShapeOptions, tokenizerJson } from './shape.js';

/** A file of the checkpoint and what lies in it, in order. */
interface Shard { readonly file: string; readonly tensors: readonly DrawnTensor[]; readonly bytes: number }

/** What was written, and how fast. */
export interface Written { readonly bytes: number; readonly shards: number; readonly seconds: number; readonly threads: number }

/** A shard is full when the next tensor would take it beyond this; the embeddings alone are larger. */
const shardBytes = 2 ** 29;
const blockElements = 2 ** 22;

/** Writes the model into a folder, one thread for each shard at a time. */
export async function writeModel(dir: string, options: ShapeOptions): Promise<Written> {
  const began = performance.now();
  mkdirSync(dir, { recursive: true });
  const config = configOf(options);
  const shards = shardsOf(drawnTensors(config));
  const bytes = shards.reduce((n, s) => n + s.bytes, 0);
  const weight_map = Object.fromEntries(shards.flatMap(({ file, tensors }) => tensors.map(({ name }) => [name, file])));
  const put = (file: string, value: unknown): void => writeFileSync(join(dir, file), `${JSON.stringify(value)}\n`);
  put('config.json', configJson(options));
  put('tokenizer.json', tokenizerJson(config.vocabSize));
  put('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast', bos_token: '<|begin_of_text|>', eos_token: '<|end_of_text|>', clean_up_tokenization_spaces: false, add_bos_token: true });
  const waiting = [...shards].sort((a, b) => b.bytes - a.bytes);
  const threads = Math.min(shards.length, availableParallelism());
  await Promise.all(Array.from({ length: threads }, () => drain(dir, waiting)));
  // Last, so that a model with an index is a whole one.
  put('model.safetensors.index.json', { metadata: { total_size: bytes }, weight_map });
  return { bytes, shards: shards.length, seconds: (performance.now() - began) / 1000, threads };
}

function shardsOf(tensors: readonly DrawnTensor[]): readonly Shard[] {
  const groups: DrawnTensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    if (2 * tensor.elements > room) {
      groups.push([]);
      room = shardBytes;
    }
    groups.at(-1)?.push(tensor);
    room -= 2 * tensor.elements;
  }
  const number = (n: number): string => String(n).padStart(5, '0');
  return groups.map((group, i) => ({ file: `model-${number(i + 1)}-of-${number(groups.length)}.safetensors`, tensors: group, bytes: group.reduce((n, t) => n + 2 * t.elements, 0) }));
}

/** One thread takes shards until none is left. */
function drain(dir: string, waiting: Shard[]): Promise<void> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { dir } });
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const shard = waiting.shift();
      if (shard === undefined) worker.terminate().then(() => resolve(), reject);
      else worker.postMessage(shard);
    };
    worker.on('message', next);
    worker.on('error', reject);
    next();
  });
}

function writeShard(dir: string, { file, tensors }: Shard): void {
  let end = 0;
  const entries = tensors.map(({ name, shape, elements }) => {
    const begin = end;
    end += 2 * elements;
    return [name, { dtype: 'BF16', shape, data_offsets: [begin, end] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) }));
  const head = new Uint8Array(Math.ceil((8 + json.length) / 64) * 64).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(json, 8);
  const target = openSync(join(dir, file), 'w');
  try {
    writeSync(target, head);
    const block = new Uint16Array(blockElements);
    for (const { name, elements, mean, spread } of tensors) {
      const [table, state] = [normalTable(mean, spread), stateOf(name)];
      for (let done = 0; done < elements; done += blockElements) {
        const part = block.subarray(0, Math.min(blockElements, elements - done));
        draw(part, table, state);
        writeAll(target, new Uint8Array(part.buffer, 0, part.byteLength));
      }
    }
  } finally {
    closeSync(target);
  }
}

function writeAll(target: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(target, bytes, done);
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const { dir } = workerData as { readonly dir: string };
  // Sent by drain above.
  port.on('message', (shard: Shard) => {
    writeShard(dir, shard);
    port.postMessage('done');
  });
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { model, layers, quick } = eightBOptions();
  const { bytes, shards, seconds, threads } = await writeModel(model, { layers, quick });
  console.log(`${model}: ${(bytes / 1e9).toFixed(2)} GB in ${shards} shards by ${threads} threads in ${seconds.toFixed(1)} s, ${(bytes / seconds / 1e9).toFixed(2)} GB/s`);
}
