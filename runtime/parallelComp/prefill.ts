import type { DeviceTensor } from '../device.js';
import { allocCache, type KvCache, layerOf } from '../kvCache.js';
import { ropeRows, type RopeTable, ropeTable } from '../model/rope.js';
import { type Decoder, finalNorm, forward, type Workspace, workspace } from '../model/transformer.js';
import { owning, scope } from '../scope.js';
import type { Chunk } from './chunking.js';
import type { ParallelCompOptions } from './options.js';
import { evictTokens, type StoredLayer } from './tokenEviction.js';

/** Memory in which chunks are processed one after another: activations, angles of positions from 0, and one layer of K and V. */
export interface ChunkSpace extends Disposable { readonly ws: Workspace; readonly rope: RopeTable; readonly layer: KvCache }

/** Space for chunks of up to `maxRows` rows, question included. */
export function chunkSpace(model: Decoder, maxRows: number): ChunkSpace {
  return owning((own) => ({
    ws: own(workspace(model, maxRows)),
    rope: own(ropeTable(model.device, model.config, 0, maxRows)),
    layer: own(allocCache(model.device, { ...model.config, numLayers: 1 }, model.dtype, maxRows)),
  }));
}

/** A chunk after its pass: its score, and what is left of its K and V. Disposing it frees that at once. */
export interface ChunkState extends Disposable {
  readonly index: number;
  /** Mean −log p of the question's tokens behind the chunk, each predicted from the row before it. */
  readonly nll: number;
  /** Where the chunk's context tokens begin in the document; columns it has, BOS included. */
  readonly start: number;
  readonly context: number;
  readonly layers: readonly StoredLayer[];
}

/**
 * Pass 1 of one chunk: [chunk, question] at positions from 0, alone. Each layer is compressed as soon as it has been
 * attended to, so one layer of full K and V exists at a time. Resolves when the score is known.
 */
export async function prefillChunk(model: Decoder, space: ChunkSpace, chunk: Chunk, question: readonly number[], options: ParallelCompOptions, hasBos: boolean, signal?: AbortSignal): Promise<ChunkState> {
  const owned = scope();
  try {
    const layers: StoredLayer[] = [];
    const context = chunk.ids.length;
    const rows = context + question.length;
    const tail = Math.min(options.observationRows, rows);
    const outputFrom = Math.min(context - 1, rows - tail);
    const cache = layerOf(space.layer, 0);
    const h = forward(model, space.ws, {
      ids: [...chunk.ids, ...question], rope: ropeRows(space.rope, 0, rows), first: 0, cache: () => cache, outputFrom, signal,
      afterLayer: (_, seen) => {
        const at = rows - tail - seen.from;
        const passed = { cache, context, rows, tailQueries: seen.q.slice(at, at + tail), tailLse: seen.lse.slice(at, at + tail) };
        layers.push(owned.own(evictTokens(model.device, model.config, options, hasBos, passed)));
      },
    });
    const nll = await meanNll(model, space.ws, h.slice(context - 1 - outputFrom, rows - 1 - outputFrom), question);
    return { index: chunk.index, nll, start: chunk.start, context, layers, [Symbol.dispose]: () => owned[Symbol.dispose]() };
  } catch (e) {
    owned[Symbol.dispose]();
    throw e;
  }
}

async function meanNll(model: Decoder, ws: Workspace, h: DeviceTensor, question: readonly number[]): Promise<number> {
  const { device, weights } = model;
  using target = device.alloc('i32', [question.length]);
  using out = device.alloc('f32', [question.length]);
  device.write(target, Int32Array.from(question));
  device.launch('queryNll', { h: finalNorm(model, ws, h), w: weights.head, target }, { out });
  return (await device.read(out)).reduce((sum, nll) => sum + nll, 0) / question.length;
}
