import type { ChatMessage } from '../model/chatTemplate.js';
import type { ReadMethod } from '../request.js';
import { ApiError } from './apiError.js';
import type { Asked, Question } from './asked.js';
import { countBy, lastTokens, questionTail, type Split } from './tail.js';

/** What a request means for the model: a prompt as it stands, read in one go, or a document and a question about it. */
export type Layout =
  | { readonly kind: 'once'; readonly contexts: readonly string[] | undefined; readonly question: Question; readonly method: ReadMethod; readonly maxTokens: number }
  | { readonly kind: 'document'; readonly contexts: readonly string[]; readonly question: Question; readonly method: 'full' | 'parallelcomp'; readonly maxTokens: number; readonly room: number };

/** What the layout needs to know of the model. */
export interface Reader {
  /** Tokens the model was trained to see at once. */
  readonly window: number;
  encode(text: string): readonly number[];
  /** The question as the model will read it, the chat template applied. Throws where the template refuses. */
  render(question: Question): string;
}

/** Tokens that a question and its answer have in the window beside a chunk, unless more is asked for: a quarter, at most 1,024. */
export const usualRoom = (window: number): number => Math.max(1, Math.min(1024, window >> 2));

/** The longest answer a request may ask for unless the server was told another: half the window. */
export const usualLimit = (window: number): number => Math.max(1, window >> 1);

/** Longest answer where nobody says: memory for it is taken beforehand, and with a long window half of it would be most of a GPU. */
const usualAnswer = 4096;

/**
 * Decides how a request is read. What fits the window with the beginning of an answer is read as it stands. Beyond that,
 * contexts given are the document and the rest is the question; without them the longest text of the request is split by
 * {@link questionTail}, and the next longest, until the rest is a question. Throws ApiError 400 where nothing of that fits.
 */
export function layOut(asked: Asked, reader: Reader, limit: number): Layout {
  const { question, contexts, method } = asked;
  if (asked.maxTokens !== undefined && asked.maxTokens > limit) throw tooLong(`max_tokens is ${asked.maxTokens}, this server gives at most ${limit}`, 'max_tokens');
  if (contexts?.every((text) => text.trim() === '')) throw new ApiError(400, 'parallelcomp.contexts: there is no text in them; leave the field out to ask without a document', { param: 'parallelcomp.contexts', code: 'invalid_value' });
  const wanted = asked.maxTokens ?? Math.min(limit, asked.usualTokens ?? usualAnswer);
  const texts = [...(contexts ?? []), reader.render(question)];
  if (method !== 'auto' && method !== 'parallelcomp') return { kind: 'once', contexts, question, method, maxTokens: Math.min(wanted, asked.maxTokens ?? usualRoom(reader.window)) };
  const left = method === 'auto' ? leftBeside(texts, reader) : 0;
  if (left > 0 && left >= Math.min(wanted, reader.window >> 4)) {
    const maxTokens = Math.min(wanted, left);
    // One piece that fits is a prefix, worth keeping as any document is.
    const room = reader.window - 1 - reader.encode(texts[0] ?? '').length;
    return contexts?.length === 1 ? { kind: 'document', contexts, question, method: 'full', maxTokens, room } : { kind: 'once', contexts, question, method: 'full', maxTokens };
  }
  if (contexts !== undefined) return withDocument(contexts, question, asked, reader, limit);
  const split = splitUntil(asked, reader);
  return withDocument(split.contexts, split.question, asked, reader, limit);
}

/** Tokens of the window that texts and a BOS leave; 0 where they are too long. */
function leftBeside(texts: readonly string[], { window, encode }: Reader): number {
  const count = countBy(encode);
  return texts.reduce((left, text) => (left === 0 ? 0 : Math.max(0, left - (count(text, left) ?? left))), window - 1);
}

function withDocument(contexts: readonly string[], question: Question, asked: Asked, { window, encode, render }: Reader, limit: number): Layout {
  const room = usualRoom(window);
  const tokens = encode(render(question)).length;
  const maxTokens = asked.maxTokens ?? Math.min(limit, asked.usualTokens ?? Math.max(room - tokens, room >> 1, 1));
  // In steps, so that questions of other lengths find the same chunks in the cache.
  const needed = Math.ceil((tokens + maxTokens) / room) * room;
  if (needed >= window - 1) throw tooLong(`a question of ${tokens} tokens and an answer of up to ${maxTokens} leave no room for the document in a window of ${window}; ask a shorter question, give more of it as parallelcomp.contexts, or lower max_tokens`);
  return { kind: 'document', contexts, question, method: 'parallelcomp', maxTokens, room: needed };
}

/** Splits texts, longest first, until what is left of them takes half the window with its answer, the other half being the chunks'. */
function splitUntil(asked: Asked, { window, encode, render }: Reader): { readonly contexts: readonly string[]; readonly question: Question } {
  const count = countBy(encode);
  const most = Math.max(1, usualRoom(window) >> 1);
  const cut = (text: string): Split => (asked.questionTokens === undefined ? questionTail(text, most, count) : lastTokens(text, asked.questionTokens, count));
  const texts = textsOf(asked.question);
  const heads = new Map<number, string>();
  const room = (window >> 1) - (asked.maxTokens ?? most);
  const enough = (): boolean => heads.size === texts.length || (heads.size > 0 && count(render(withTexts(asked.question, texts)), room) !== undefined);
  while (!enough()) {
    const longest = [...texts.keys()].filter((i) => !heads.has(i)).reduce((best, i) => ((texts[i] ?? '').length > (texts[best] ?? '').length ? i : best));
    const { head, tail } = cut(texts[longest] ?? '');
    heads.set(longest, head);
    texts[longest] = asked.question.kind === 'chat' ? tail.trim() : tail;
  }
  const contexts = [...heads].sort(([a], [b]) => a - b).map(([, head]) => head).filter((head) => head.trim() !== '');
  if (contexts.length === 0) throw new ApiError(400, `the prompt is one question of ${encode(render(asked.question)).length} tokens, nothing precedes it that could be read as the document; give parallelcomp.contexts, or parallelcomp.question_tokens`, { param: 'parallelcomp', code: 'no_document' });
  return { contexts, question: withTexts(asked.question, texts) };
}

const textsOf = (question: Question): string[] => (question.kind === 'chat' ? question.messages.map((m) => m.content) : [question.prompt]);

function withTexts(question: Question, texts: readonly string[]): Question {
  if (question.kind === 'prompt') return { kind: 'prompt', prompt: texts[0] ?? '' };
  return { kind: 'chat', messages: question.messages.map((message, i): ChatMessage => ({ ...message, content: texts[i] ?? '' })) };
}

const tooLong = (message: string, param?: string): ApiError => new ApiError(400, message, { param, code: 'context_length_exceeded' });
