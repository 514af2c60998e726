import { RuntimeError } from '../error.js';
import type { ModelConfig } from '../model/config.js';
import { outOfRange, type ParallelCompOptions } from './options.js';

/** A chunk as the model sees it, BOS in front where there is one, and where its context tokens begin in the document. */
export interface Chunk { readonly index: number; readonly start: number; readonly ids: readonly number[] }

/**
 * What is being asked. `context`: ids of the document, in as many parts as the caller drew borders; no chunk crosses one.
 * `bosId`: what every sequence begins with. `maxTokens`: how many tokens may follow.
 */
export interface Prompt { readonly context: readonly (readonly number[])[]; readonly question: readonly number[]; readonly bosId: number | undefined; readonly maxTokens: number }

/**
 * Context tokens of a chunk: the caller's number, else what the trained window leaves beside BOS, question and answer.
 * Throws R402 when the question leaves nothing, R403 when the caller's chunk and the question do not fit the window.
 */
export function chunkSize(config: Pick<ModelConfig, 'window'>, prompt: Prompt, options: Pick<ParallelCompOptions, 'chunkTokens'>): number {
  const fixedPart = (prompt.bosId === undefined ? 0 : 1) + prompt.question.length;
  if (fixedPart >= config.window) {
    throw new RuntimeError('R402', `the question has ${prompt.question.length} tokens, the model's window is ${config.window}`, { remedy: 'ask a shorter question' });
  }
  if (options.chunkTokens !== undefined) {
    const room = config.window - fixedPart;
    if (Math.min(options.chunkTokens, longestPart(prompt)) > room) throw outOfRange('chunkTokens', options.chunkTokens, `at most ${room}: chunk and question share a window of ${config.window}`, 'choose a smaller chunk');
    return options.chunkTokens;
  }
  const room = config.window - fixedPart - prompt.maxTokens;
  if (room < 1) {
    throw new RuntimeError('R402', `a question of ${prompt.question.length} tokens and ${prompt.maxTokens} tokens of answer fill the window of ${config.window}`, { remedy: 'ask a shorter question or lower maxTokens' });
  }
  return room;
}

/** Where the pieces of `length` tokens begin and end: see `chunkCut` in the options. */
export function cuts(length: number, size: number, cut: 'even' | 'fixed'): readonly (readonly [from: number, to: number])[] {
  const count = Math.ceil(length / size);
  const border = cut === 'fixed' ? (i: number) => Math.min(i * size, length) : (i: number) => Math.floor((i * length) / count);
  return Array.from({ length: count }, (_, i) => [border(i), border(i + 1)] as const);
}

/** How many chunks there will be. */
export const chunkCount = (prompt: Prompt, size: number): number => prompt.context.reduce((n, part) => n + Math.ceil(part.length / size), 0);

/** Tokens of the longest part of the document. */
export const longestPart = (prompt: Prompt): number => prompt.context.reduce((n, part) => Math.max(n, part.length), 0);

/** The document's chunks in order. Each is cut when it is asked for, so that only ids grow with the document. */
export function* chunksOf(prompt: Prompt, size: number, cut: 'even' | 'fixed'): Generator<Chunk> {
  const bos = prompt.bosId === undefined ? [] : [prompt.bosId];
  let index = 0;
  let start = 0;
  for (const part of prompt.context) {
    for (const [from, to] of cuts(part.length, size, cut)) yield { index: index++, start: start + from, ids: [...bos, ...part.slice(from, to)] };
    start += part.length;
  }
}
