import type { GenerateEvent, Model, QuestionRequest } from '../../runtime/index.js';
import { loadModel } from '../../runtime/index.js';
import { examplePath } from '../../examples/haystack.js';

/** How long it took from a signal to the rejection, over some moments of one kind of work, and whether the device's memory was back. */
export interface AbortRow { readonly during: string; readonly aborts: number; readonly 'median, ms': number; readonly 'longest, ms': number; readonly 'memory back': boolean }

/** Work that a signal ends, and the time in milliseconds that it takes on its own, about. */
interface Case { readonly during: string; readonly start: (signal: AbortSignal) => Promise<unknown> }

/** Aborts at moments spread over each kind of work. */
export async function measureAborts(model: Model, text: string, asking: QuestionRequest, chunkTokens: number): Promise<readonly AbortRow[]> {
  const parallelComp = { ...asking.parallelComp, chunkTokens };
  await using document = await model.prefill({ contexts: text, chunkTokens });
  const cases: readonly Case[] = [
    { during: 'prefill of a document', start: async (signal) => await (await model.prefill({ contexts: text, chunkTokens, signal }))[Symbol.asyncDispose]() },
    { during: 'chunks of one answer', start: (signal) => drain(model.generate({ ...asking, document: text, parallelComp, signal })) },
    { during: 'plain attention over all', start: (signal) => drain(model.generate({ ...asking, document: text, method: 'full', signal })) },
    { during: 'a question to a document', start: (signal) => drain(document.generate({ ...asking, signal })) },
    { during: 'decode', start: (signal) => drain(model.generate({ question: 'It was', maxTokens: 900, ignoreEos: true, signal })) },
    { during: 'load', start: async (signal) => await (await loadModel(examplePath('bookworm'), { device: model.device, signal }))[Symbol.asyncDispose]() },
  ];
  const rows: AbortRow[] = [];
  for (const c of cases) rows.push(await measure(model, c));
  return rows;
}

const moments = 12;

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
