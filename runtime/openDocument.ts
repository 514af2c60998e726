import { abortable } from './abortable.js';
import type { Document, PrefillRequest } from './document.js';
import { RuntimeError } from './error.js';
import { answer } from './generate.js';
import { chunkCount, longestPart, type Prompt } from './parallelComp/chunking.js';
import { outOfRange } from './parallelComp/options.js';
import { answerLength, contextLength, encodeDocument, encodeQuestion, type Speaker } from './prompt.js';
import { readBy } from './read.js';
import type { QuestionRequest } from './request.js';

/** A document as its model has it. */
export interface OpenDocument extends Omit<Document, typeof Symbol.asyncDispose>, Disposable {}

/** Reads a document. Throws R401, R402 and R403. */
export async function openDocument(model: Speaker, request: PrefillRequest): Promise<OpenDocument> {
  const context = encodeDocument(model, request.contexts);
  const size = chunkTokensOf(model, request);
  const document: Prompt = { context, question: [], bosId: model.tokenizer.bosId, maxTokens: 1 };
  const chunks = chunkCount(document, size);
  return {
    tokens: contextLength(document), chunks, storedChunks: 0, bytes: 0,
    generate: (asked) => abortable(model.device, asked.signal, answer(model, asked, () => promptOf(model, document, asked, size), async (prompt) =>
      await readBy(model, prompt, { ...asked, memoryBudget: request.memoryBudget, parallelComp: { ...asked.parallelComp, chunkTokens: size, chunkCut: request.chunkCut } }))),
    [Symbol.dispose]: () => {},
  };
}

const roomOf = (window: number): number => Math.min(1024, Math.floor(window / 4));

/** Context tokens of a chunk. Throws R403 for a chunk or a room that the window does not have. */
function chunkTokensOf({ config: { window }, tokenizer }: Speaker, { room = roomOf(window), chunkTokens }: PrefillRequest): number {
  const bos = tokenizer.bosId === undefined ? 0 : 1;
  const most = window - bos - 1;
  if (!Number.isInteger(room) || room < 1 || room > most) throw outOfRange('room', room, `a whole number from 1 to ${most}: chunk and question share a window of ${window}`, 'leave it out for a quarter of the window');
  if (chunkTokens === undefined) return window - bos - room;
  if (!Number.isInteger(chunkTokens) || chunkTokens < 1 || chunkTokens > most) throw outOfRange('chunkTokens', chunkTokens, `a whole number from 1 to ${most}: chunk and question share a window of ${window}`, 'leave it out to use what the window allows');
  return chunkTokens;
}

/** The document with a question. Throws R402 for one that does not fit behind the chunks, R403 for chunks cut otherwise. */
function promptOf(model: Speaker, document: Prompt, asked: QuestionRequest, size: number): Prompt {
  const { chunkTokens, chunkCut } = asked.parallelComp ?? {};
  if (chunkTokens !== undefined) throw outOfRange('parallelComp.chunkTokens', chunkTokens, 'left out: the document is cut already', 'give it when the document is prefilled');
  if (chunkCut !== undefined) throw outOfRange('parallelComp.chunkCut', chunkCut, 'left out: the document is cut already', 'give it when the document is prefilled');
  const { question } = encodeQuestion(model, asked);
  const bos = document.bosId === undefined ? 0 : 1;
  const chunk = bos + Math.min(size, longestPart(document));
  const needed = question.length + (asked.parallelComp?.queryBos === true ? bos : 0);
  if (chunk + needed > model.config.window) {
    throw new RuntimeError('R402', `the question has ${question.length} tokens, the document's chunks of ${chunk} leave ${model.config.window - chunk} of the window`, { remedy: `ask a shorter question, or prefill the document with room: ${needed} or smaller chunks` });
  }
  return { ...document, question, maxTokens: answerLength(asked) };
}
