import { abortable } from './abortable.js';
import type { Document, PrefillRequest } from './document.js';
import { RuntimeError } from './error.js';
import { answer } from './generate.js';
import { askChunks, type ChunkedDocument, readChunks } from './parallelComp/chunkedDocument.js';
import type { Prompt } from './parallelComp/chunking.js';
import { complete, outOfRange } from './parallelComp/options.js';
import { prefixPass } from './prefixPass.js';
import { answerLength, contextLength, encodeDocument, encodeQuestion, type Speaker } from './prompt.js';
import { methodOf, readBy, type Reading } from './read.js';
import type { QuestionRequest } from './request.js';
import { readingSpan, spannedAsync } from './spans.js';

/** A document as its model has it. */
export interface OpenDocument extends Omit<Document, typeof Symbol.asyncDispose>, Disposable {}

/** Reads a document. Throws R401, R402 and R403. */
export async function openDocument(model: Speaker, request: PrefillRequest): Promise<OpenDocument> {
  const { memoryBudget: budget, chunkCut: cut = 'even', room = roomOf(model.config.window), signal, onProgress } = request;
  const size = chunkTokensOf(model, room, request.chunkTokens);
  const { document, read } = await spannedAsync(readingSpan.lane, readingSpan.name, async () => {
    const context = await encodeDocument(model, request.contexts, signal);
    const document: Prompt = { context, question: [], bosId: model.tokenizer.bosId, maxTokens: 1 };
    return { document, read: await readChunks(model, document, { size, cut, room, budget, signal, ...(onProgress ? { onChunk: onProgress } : {}) }) };
  });
  return {
    tokens: contextLength(document), chunks: read.stored.chunks.length + read.others.length, storedChunks: read.stored.chunks.length, bytes: read.bytes,
    generate: (asked) => abortable(model.device, asked.signal, answer(model, asked, async () => promptOf(model, document, asked, read), async (prompt) => await readQuestion(model, read, prompt, asked, budget))),
    [Symbol.dispose]: () => read[Symbol.dispose](),
  };
}

/** Reads a question's prompt with what is stored, where the method can use it. */
async function readQuestion(model: Speaker, read: ChunkedDocument, prompt: Prompt, asked: QuestionRequest, budget: number | undefined): Promise<Reading> {
  const options = complete(asked.parallelComp ?? {});
  const method = methodOf(model, prompt, asked.method);
  const { stored, others } = read;
  const storedTokens = stored.chunks.reduce((n, { ids }) => n + ids.length - (read.hasBos ? 1 : 0), 0);
  switch (method) {
    case 'parallelcomp': return { method, ...(await askChunks(model, read, prompt, options, budget, { signal: asked.signal, ...(asked.onProgress ? { onChunk: asked.onProgress } : {}) })), cachedTokens: storedTokens };
    case 'full': {
      // One chunk is a prefix of the prompt; the second one's K and V stand at other positions.
      if (stored.chunks.length !== 1 || others.length > 0) return await readBy(model, prompt, { ...asked, method });
      return { method, state: await prefixPass(model, stored, prompt.question, prompt.maxTokens, asked.signal), report: undefined, phases: undefined, cachedTokens: storedTokens };
    }
    case 'truncated': case 'streaming': return await readBy(model, prompt, { ...asked, method });
    default: return method satisfies never;
  }
}

const roomOf = (window: number): number => Math.min(1024, Math.floor(window / 4));

/** Context tokens of a chunk. Throws R403 for a chunk or a room that the window does not have. */
function chunkTokensOf({ config: { window }, tokenizer }: Speaker, room: number, chunkTokens: number | undefined): number {
  const bos = tokenizer.bosId === undefined ? 0 : 1;
  const most = window - bos - 1;
  if (!Number.isInteger(room) || room < 1 || room > most) throw outOfRange('room', room, `a whole number from 1 to ${most}: chunk and question share a window of ${window}`, 'leave it out for a quarter of the window');
  if (chunkTokens === undefined) return window - bos - room;
  if (!Number.isInteger(chunkTokens) || chunkTokens < 1 || chunkTokens > most) throw outOfRange('chunkTokens', chunkTokens, `a whole number from 1 to ${most}: chunk and question share a window of ${window}`, 'leave it out to use what the window allows');
  return chunkTokens;
}

/** The document with a question. Throws R402 for one that does not fit behind the chunks, R403 for chunks cut otherwise. */
function promptOf(model: Speaker, document: Prompt, asked: QuestionRequest, { context }: ChunkedDocument): Prompt {
  for (const name of ['chunkTokens', 'chunkCut'] as const) {
    if (asked.parallelComp?.[name] !== undefined) throw outOfRange(`parallelComp.${name}`, asked.parallelComp[name], 'left out: the document is cut already', 'give it when the document is prefilled');
  }
  const { question } = encodeQuestion(model, asked);
  const needed = question.length + (asked.parallelComp?.queryBos === true && document.bosId !== undefined ? 1 : 0);
  const left = model.config.window - context;
  if (needed > left) throw new RuntimeError('R402', `the question has ${needed} tokens, the document's chunks leave ${left} of the window of ${model.config.window}`, { remedy: `ask a shorter question, or prefill the document with a room of ${needed}` });
  return { ...document, question, maxTokens: answerLength(asked) };
}
