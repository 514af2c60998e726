import { layerOf } from '../kvCache.js';
import { ropeTable } from '../model/rope.js';
import { type Decoder, forward, workspace } from '../model/transformer.js';
import { scope } from '../scope.js';
import { type Decodable, decodable } from '../decode.js';
import type { MergedCache } from './merge.js';

/**
 * Pass 2: the question over the merged cache, at positions from `firstPosition` on (the columns of the longest kept
 * chunk, whatever was evicted). Returns where decoding goes on: whoever frees its cache frees the merged one. Until then that stays the caller's.
 */
export async function queryPass(model: Decoder, merged: MergedCache, question: readonly number[], firstPosition: number, maxTokens: number, signal?: AbortSignal): Promise<Decodable> {
  using owned = scope();
  const ws = owned.own(workspace(model, question.length));
  const rope = owned.own(ropeTable(model.device, model.config, firstPosition, question.length));
  const rows = { kind: 'sequence', first: merged.length, outputFrom: question.length - 1 } as const;
  const h = await forward(model, ws, { ids: question, rope, rows, cache: (l) => layerOf(merged.cache, l), ahead: 2, signal });
  return await decodable(model, ws, h, { cache: merged.cache, filled: merged.length + question.length, position: firstPosition + question.length }, maxTokens);
}
