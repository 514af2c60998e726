import { type Decodable, decodable } from './decode.js';
import { allocCache, layerOf } from './kvCache.js';
import { ropeTable } from './model/rope.js';
import { type Decoder, forward, workspace } from './model/transformer.js';
import { layerAt, type StoredChunks } from './parallelComp/stored.js';
import { scope } from './scope.js';

/** The plain model on a prompt whose first part is a stored chunk: only the rows behind it are computed. */
export async function prefixPass(model: Decoder, { chunks, layers }: StoredChunks, question: readonly number[], maxTokens: number, signal?: AbortSignal): Promise<Decodable> {
  const before = chunks[0]?.ids.length ?? 0;
  const filled = before + question.length;
  using owned = scope();
  const ws = owned.own(workspace(model, question.length));
  const rope = owned.own(ropeTable(model.device, model.config, before, question.length));
  const cache = allocCache(model.device, model.config, model.dtype, filled + maxTokens);
  try {
    for (const [l, { keys, values }] of cache.layers.entries()) {
      const stored = layerAt(layers, l);
      model.device.copy(keys.slice(0, before), stored.keys.slice(0, before));
      model.device.copy(values.slice(0, before), stored.values.slice(0, before));
    }
    const rows = { kind: 'sequence', first: before, outputFrom: question.length - 1 } as const;
    const h = await forward(model, ws, { ids: question, rope, rows, cache: (l) => layerOf(cache, l), ahead: 2, signal });
    return await decodable(model, ws, h, { cache, filled, position: filled }, maxTokens);
  } catch (e) {
    cache[Symbol.dispose]();
    throw e;
  }
}
