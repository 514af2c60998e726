import type { DoneEvent, GenerateEvent } from '../events.js';
import type { QuestionRequest } from '../request.js';
import { isOutOfMemory } from './apiError.js';
import type { Asked, Question } from './asked.js';
import { budgetBeside, bytesOf } from './deviceMemory.js';
import { type Layout, layOut } from './layout.js';
import type { Service } from './service.js';
import type { Ending } from './wire.js';

/** What a request gives, in order: how far the prompt is read, the answer's text, its end. */
export type Served =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly text: string; readonly ending: Ending };

/**
 * Answers a request: waits for its turn, reads the document unless it is cached, generates. Every step goes to `push` as
 * it happens; `onTurn` is called when the waiting is over. Throws ApiErrors for what is wrong with the request, before waiting; the signal's reason when it fires.
 */
export async function answerTo(service: Service, asked: Asked, signal: AbortSignal, push: (served: Served) => void, onTurn: () => void = () => {}): Promise<void> {
  const arrived = performance.now();
  const layout = layOut(asked, service.reader, service.limit);
  using _turn = await service.queue.enter(signal);
  onTurn();
  let spoken = false;
  const turn: Turn = { service, asked, layout, signal, arrived, began: performance.now(), push: (served) => { spoken ||= served.type !== 'progress'; push(served); } };
  try {
    await answer(turn);
  } catch (error) {
    // Kept documents are a convenience: where they leave too little for this one, they go.
    if (spoken || service.documents.count === 0 || !isOutOfMemory(error)) throw error;
    await service.documents.clear();
    await answer(turn);
  }
}

interface Turn { readonly service: Service; readonly asked: Asked; readonly layout: Layout; readonly signal: AbortSignal; readonly arrived: number; readonly began: number; readonly push: (served: Served) => void }

async function answer(turn: Turn): Promise<void> {
  const { service: { model, documents, options: { memoryBudget } }, asked, layout, signal, push } = turn;
  const onProgress = (done: number, total: number): void => push({ type: 'progress', done, total });
  const question: QuestionRequest = { ...questionOf(asked, layout), signal, onProgress };
  const bytes = layout.kind === 'once' ? 0 : bytesOf(model, layout.contexts);
  if (layout.kind === 'once' || !documents.holds(bytes)) {
    await tell(turn, model.generate({ ...question, parallelComp: asked.parallelComp, document: layout.contexts, memoryBudget }), false, 0);
    return;
  }
  const began = performance.now();
  const source = { contexts: layout.contexts, chunkTokens: layout.method === 'full' ? undefined : asked.parallelComp.chunkTokens, chunkCut: asked.parallelComp.chunkCut, room: layout.room };
  await using lease = await documents.open(source, bytes, () => model.prefill({ ...source, memoryBudget: budgetBeside(model, memoryBudget, documents.bytes), signal, onProgress }));
  await tell(turn, lease.document.generate(question), lease.cached, (performance.now() - began) / 1000);
}

/** Passes an answer on. `reading`: seconds that its document took. */
async function tell({ service: { metrics }, arrived, began, push }: Turn, events: AsyncIterable<GenerateEvent>, cached: boolean, reading: number): Promise<void> {
  let first = true;
  for await (const event of events) {
    if (event.type === 'token') {
      if (first) metrics.secondsToFirstToken.observe((performance.now() - arrived) / 1000);
      first = false;
      metrics.generatedTokens.add();
      if (event.text !== '') push({ type: 'text', text: event.text });
      continue;
    }
    const ending = endingOf(event, cached, { queued: (began - arrived) / 1000, reading });
    metrics.promptTokens.add(ending.usage.prompt_tokens);
    metrics.cachedTokens.add(ending.usage.prompt_tokens_details.cached_tokens);
    push({ type: 'end', text: event.text, ending });
  }
}

function questionOf({ sampling, parallelComp }: Asked, layout: Layout): QuestionRequest {
  // A document is cut already.
  return { ...said(layout.question), ...sampling, parallelComp: { ...parallelComp, chunkTokens: undefined, chunkCut: undefined }, method: layout.method, maxTokens: layout.maxTokens };
}

const said = (question: Question): Pick<QuestionRequest, 'question' | 'messages'> => (question.kind === 'chat' ? { messages: question.messages } : { question: question.prompt });

function endingOf({ finishReason, method, seed, usage, timings, eviction }: DoneEvent, cached: boolean, before: { readonly queued: number; readonly reading: number }): Ending {
  const prompt = usage.contextTokens + usage.queryTokens;
  return {
    finishReason,
    usage: { prompt_tokens: prompt, completion_tokens: usage.answerTokens, total_tokens: prompt + usage.answerTokens, prompt_tokens_details: { cached_tokens: cached ? usage.cachedTokens : 0 } },
    extras: {
      method, seed: seed ?? null,
      chunks: (eviction?.chunks ?? []).map(({ index, tokens, nll, kept }) => ({ index, tokens, nll, kept })),
      timings: { queued: before.queued, prefill: before.reading + timings.prefill, decode: timings.decode, tokens_per_second: timings.tokensPerSecond },
    },
  };
}
