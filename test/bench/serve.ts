// How `warpfold serve` bears load: many clients at once, its memory over time, and how soon work stops when a client goes away.
// node build/ts/test/bench/serve.js [--requests 500] [--parallel 64] [--aborts 10]
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import OpenAI from 'openai';
import { loadModel } from '../../runtime/load.js';
import { serveModel } from '../../runtime/server/serve.js';

const root = import.meta.dirname.replace(/\/build\/ts\/test\/bench$/, '').replace(/\/test\/bench$/, '');
const { values } = parseArgs({ options: { requests: { type: 'string', default: '500' }, parallel: { type: 'string', default: '64' }, aborts: { type: 'string', default: '10' } } });
const [requests, parallel, aborts] = [Number(values.requests), Number(values.parallel), Number(values.aborts)];

const novel = readFileSync(`${root}/examples/texts/pride-and-prejudice.txt`, 'utf8');
const question = '\nQuestion: What is the pass key?\nAnswer: The pass key is';

interface Target { readonly server: ChildProcess; readonly url: string; readonly client: OpenAI }

async function start(): Promise<Target> {
  const server = spawn(process.execPath, [`${root}/build/ts/codegen/cli.js`, 'serve', '--model', `${root}/examples/bookworm`, '--port', '0', '--device', 'cpu'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(createInterface(server.stdout), 'line');
  const [, url = ''] = / at (http\S+)\/v1$/.exec(String(line)) ?? [];
  return { server, url, client: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0, timeout: 600_000 }) };
}

/** A sample of the server's own metrics, summed over labels. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** One request of a kind that its number chooses: plain, streamed, about a document that may be cached, wrong. */
async function ask({ client }: Target, i: number): Promise<'ok' | 'refused'> {
  const begin = (i * 997) % 100_000;
  const prompt = novel.slice(begin, begin + 120);
  const base = { model: 'bookworm', prompt, max_tokens: 2 };
  const kind = i % 8;
  if (kind === 0) {
    const bad = await client.completions.create({ ...base, n: 2 }).catch((e: unknown) => e);
    if (!(bad instanceof OpenAI.BadRequestError)) throw new Error(`a wrong request got ${String(bad)}`);
    return 'refused';
  }
  if (kind === 1) {
    const about = { parallelcomp: { contexts: novel.slice(0, 4000 + 40 * ((i >> 3) % 6)), keep_chunks: 1 } };
    await client.completions.create({ ...base, prompt: question, ...about });
    return 'ok';
  }
  if (kind < 5) {
    let ended = false;
    for await (const chunk of await client.completions.create({ ...base, stream: true })) ended ||= chunk.choices[0]?.finish_reason != null;
    if (!ended) throw new Error('a stream without an end');
    return 'ok';
  }
  await client.completions.create(base);
  return 'ok';
}

/** Sends the requests, so many at once; after every tenth part what the server holds. */
async function load(target: Target): Promise<void> {
  const began = performance.now();
  const rows: object[] = [];
  let [next, done] = [0, 0];
  const sample = async (): Promise<void> => {
    const [resident, device] = [await metric(target.url, 'process_resident_memory_bytes'), await metric(target.url, 'warpfold_device_memory_bytes')];
    process.stderr.write(`${done} of ${requests}\n`);
    rows.push({ requests: done, seconds: round((performance.now() - began) / 1000, 1), 'resident MiB': round(resident / 2 ** 20, 1), 'device MiB': round(device / 2 ** 20, 1) });
  };
  const worker = async (): Promise<void> => {
    while (next < requests) {
      await ask(target, next++);
      done++;
      if (done % Math.ceil(requests / 10) === 0) await sample();
    }
  };
  await sample();
  await Promise.all(Array.from({ length: parallel }, worker));
  process.stdout.write(`${requests} requests, ${parallel} at once, no error\n`);
  console.table(rows);
}

/** Milliseconds from clients' aborts in the prefill of long documents until their work has ended, in one process: a question from outside would take longer than what it asks for. */
async function abortsInPrefill(): Promise<readonly number[]> {
  await using model = await loadModel(`${root}/examples/bookworm`, { device: 'cpu' });
  const held = model.device.stats().allocatedBytes;
  let ended = (): void => {};
  await using server = await serveModel(model, { port: 0 }, { log: () => ended() });
  const latencies: number[] = [];
  for (let i = 0; i < aborts; i++) {
    const abort = new AbortController();
    const end = new Promise<number>((resolve) => { ended = () => resolve(performance.now()); });
    const body = { prompt: question, max_tokens: 4, stream: true, parallelcomp: { contexts: novel.slice(i * 1000, i * 1000 + 200_000) } };
    const response = await fetch(`${server.url}/v1/completions`, { method: 'POST', signal: abort.signal, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    // Its comments begin with the first chunk that is read; the abort comes at another moment of a chunk each time.
    await response.body?.getReader().read();
    await pause(7 * i);
    const began = performance.now();
    abort.abort();
    latencies.push((await end) - began);
    if (model.device.stats().allocatedBytes > held) throw new Error('an aborted prefill left memory behind');
  }
  return latencies;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const target = await start();
process.once('SIGTERM', () => { target.server.kill('SIGKILL'); process.exit(1); });
try {
  process.stdout.write(`${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)}: figures count where it is below the number of cores before the run\n`);
  await load(target);
  const sorted = (await abortsInPrefill()).toSorted((a, b) => a - b);
  process.stdout.write('from a client\'s abort in prefill to the end of its work, ms\n');
  console.table([{ aborts, least: round(sorted[0] ?? NaN, 1), median: round(sorted[sorted.length >> 1] ?? NaN, 1), most: round(sorted.at(-1) ?? NaN, 1) }]);
} finally {
  target.server.kill('SIGINT');
  await once(target.server, 'exit');
}
