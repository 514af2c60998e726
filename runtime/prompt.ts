import { RuntimeError } from './error.js';
import type { ChatTemplate } from './model/chatTemplate.js';
import { encodeLong } from './model/encodeLong.js';
import type { Tokenizer } from './model/tokenizer.js';
import type { Decoder } from './model/transformer.js';
import type { Prompt } from './parallelComp/chunking.js';
import type { GenerateRequest, QuestionRequest } from './request.js';

/** A model that can be spoken to. */
export interface Speaker extends Decoder { readonly tokenizer: Tokenizer; readonly chatTemplate: ChatTemplate | undefined }
type Texts = Pick<Speaker, 'tokenizer' | 'chatTemplate'>;

/** The parts of a document, ids each. Throws R401 where all of them are empty. */
export async function encodeDocument({ tokenizer }: Pick<Speaker, 'tokenizer'>, document: string | readonly string[], signal?: AbortSignal): Promise<readonly (readonly number[])[]> {
  const parts = typeof document === 'string' ? [document] : document;
  if (parts.every((part) => part.trim() === '')) throw new RuntimeError('R401', 'the document is empty', { remedy: 'give a document with some text' });
  const ids: (readonly number[])[] = [];
  for (const part of parts) ids.push(await encodeLong(tokenizer, part, signal));
  return ids;
}

/**
 * Ids of what is asked, encoded apart from the document. What a chat template puts in front of all text, a BOS, counts as
 * `bosId`: it is in front of the document then. Throws R404, R406, R407 and R409.
 */
export function encodeQuestion({ tokenizer, chatTemplate }: Texts, { question, messages }: Pick<QuestionRequest, 'question' | 'messages'>): Pick<Prompt, 'question' | 'bosId'> {
  if ((question === undefined) === (messages === undefined)) {
    throw new RuntimeError('R409', question === undefined ? 'neither a question nor messages are given' : 'both a question and messages are given', { remedy: 'give one of both' });
  }
  if (question !== undefined) return { question: notEmpty(tokenizer.encode(question)), bosId: tokenizer.bosId };
  if (chatTemplate === undefined) throw new RuntimeError('R406', 'the model has no chat template, so messages cannot be put into text', { remedy: 'give `question` as text, or put a chat_template.jinja into the model directory' });
  if (messages === undefined || messages.length === 0) throw new RuntimeError('R404', 'there are no messages', { remedy: 'give at least one' });
  const ids = tokenizer.encode(chatTemplate.render(messages));
  // A template says itself whether its text begins with a BOS.
  const beginning = tokenizer.bosId !== undefined && ids[0] === tokenizer.bosId;
  return { question: notEmpty(beginning ? ids.slice(1) : ids), bosId: beginning ? tokenizer.bosId : undefined };
}

function notEmpty(ids: readonly number[]): readonly number[] {
  if (ids.length === 0) throw new RuntimeError('R404', 'the question is empty', { remedy: 'say what the document is to be asked' });
  return ids;
}

/** Longest answer of a request. Throws R403. */
export function answerLength({ maxTokens = 64 }: Pick<QuestionRequest, 'maxTokens'>): number {
  if (!Number.isInteger(maxTokens) || maxTokens < 1) throw new RuntimeError('R403', `maxTokens is ${maxTokens}, it must be a whole number from 1`, { remedy: 'let the answer have at least one token' });
  return maxTokens;
}

/** Ids of document and question. Without a document the question is all there is, as it was rendered. */
export async function encodePrompt(model: Texts, request: GenerateRequest): Promise<Prompt> {
  const maxTokens = answerLength(request);
  if (request.document === undefined) return { context: [], ...encodeQuestion(model, request), maxTokens };
  const context = await encodeDocument(model, request.document, request.signal);
  return { context, ...encodeQuestion(model, request), bosId: model.tokenizer.bosId, maxTokens };
}

/** All of a prompt in one sequence. */
export const idsOf = ({ bosId, context, question }: Prompt): readonly number[] => [...(bosId === undefined ? [] : [bosId]), ...context.flat(), ...question];

/** Tokens of the document. */
export const contextLength = (prompt: Pick<Prompt, 'context'>): number => prompt.context.reduce((n, part) => n + part.length, 0);
