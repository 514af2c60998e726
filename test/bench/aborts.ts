// `node build/ts/test/bench/aborts.js [words]`: how soon a signal ends each kind of work; only those whose name has the words.
import { examplePath, hideFact } from '../../examples/haystack.js';
import { type GenerateEvent, loadModel, type Model, type QuestionRequest } from '../../runtime/index.js';

/** How long it took from a signal to the rejection, over some moments of one kind of work, and whether the device's memory was back. */
interface AbortRow { readonly during: string; readonly aborts: number; readonly 'median, ms': number; readonly 'longest, ms': number; readonly 'memory back': boolean }

/** Work that a signal ends. */
interface Case { readonly during: string; readonly start: (signal: AbortSignal) => Promise<unknown> }

const moments = 6;
const chunkTokens = 900;
const asking: QuestionRequest = { method: 'parallelcomp', maxTokens: 8, parallelComp: { keepChunks: 2, capacity: 450 } };

await using model = await loadModel(examplePath('bookworm'), { device: 'cpu' });
const { text, question } = hideFact(model.tokenizer, 'pride-and-prejudice', 14_400, 0.4, '14177');
await using document = await model.prefill({ contexts: text, chunkTokens });
const cases: readonly Case[] = [
  { during: 'prefill of a document', start: async (signal) => await (await model.prefill({ contexts: text, chunkTokens, signal }))[Symbol.asyncDispose]() },
  { during: 'chunks of one answer', start: (signal) => drain(model.generate({ ...asking, document: text, question, parallelComp: { ...asking.parallelComp, chunkTokens }, signal })) },
  { during: 'plain attention over all', start: (signal) => drain(model.generate({ ...asking, document: text, question, method: 'full', signal })) },
  { during: 'a question to a document', start: (signal) => drain(document.generate({ ...asking, question, signal })) },
  { during: 'decode', start: (signal) => drain(model.generate({ question: 'It was', maxTokens: 100, ignoreEos: true, signal })) },
  { during: 'load', start: async (signal) => await (await loadModel(examplePath('bookworm'), { device: model.device, signal }))[Symbol.asyncDispose]() },
];
const rows: AbortRow[] = [];
for (const c of cases) if (c.during.includes(process.argv[2] ?? '')) rows.push(await measure(model, c));
console.log(model.device.description);
console.table(rows);

async function measure({ device }: Model, { during, start }: Case): Promise<AbortRow> {
  const began = performance.now();
  await start(new AbortController().signal);
  const whole = performance.now() - began;
  await device.sync();
  const held = device.stats().allocatedBytes;
  const waited: number[] = [];
  let isBack = true;
  for (let i = 0; i < moments; i++) {
    const controller = new AbortController();
    let fired = Number.NaN;
    const timer = setTimeout(() => {
      fired = performance.now();
      controller.abort();
    }, (whole * (i + 0.5)) / moments);
    await start(controller.signal).catch(() => undefined);
    clearTimeout(timer);
    if (controller.signal.aborted) waited.push(performance.now() - fired);
    await device.sync();
    isBack &&= device.stats().allocatedBytes === held;
  }
  const sorted = waited.sort((a, b) => a - b);
  const round = (x: number): number => Math.round(x * 10) / 10;
  return { during, aborts: sorted.length, 'median, ms': round(sorted[sorted.length >> 1] ?? Number.NaN), 'longest, ms': round(sorted.at(-1) ?? Number.NaN), 'memory back': isBack };
}

async function drain(events: AsyncGenerator<GenerateEvent>): Promise<void> {
  for await (const _ of events) { /* all of it */ }
}
