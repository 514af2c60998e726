import { allocLayer } from '../kvCache.js';
import { ropeTable } from '../model/rope.js';
import type { Attended } from '../model/pass.js';
import { type Decoder, forward, workspace } from '../model/transformer.js';
import { owning, scope } from '../scope.js';
import { type BatchLayout, firstOutput, layOut, mustEvict, prefixSums, total, uploadBehindIndex } from './batch.js';
import { zonesOf } from './calibration.js';
import type { Chunk } from './chunking.js';
import type { ParallelCompOptions } from './options.js';
import { anglesAt, type Batch, batchOf, meanNll } from './prefill.js';
import { layerAt, type StoredChunks } from './stored.js';
import { evictTokens, lastRows, type StoredLayer } from './tokenEviction.js';

/**
 * Pass 1 of a question over stored chunks: only the rows that depend on it, and the last context rows that predict its first
 * token and judge the tokens with it. Gives what a pass over all rows gives, but for the order of sums.
 */
export async function askStored(model: Decoder, { chunks, layers: contexts }: Pick<StoredChunks, 'chunks' | 'layers'>, question: readonly number[], options: ParallelCompOptions, hasBos: boolean, signal?: AbortSignal): Promise<Batch> {
  const layout = layOut(chunks, question, options, hasBos);
  using work = scope();
  const kept = scope();
  try {
    const { device, config, dtype } = model;
    const index = uploadBehindIndex(device, layout, work.own);
    const [rows, count] = [total(layout.outputs), total(layout.rows)];
    const ws = work.own(workspace(model, rows));
    const first = firstOutput(layout);
    const rope = work.own(ropeTable(device, config, first, Math.max(...layout.rows) - first));
    const joined = allocLayer(device, config, dtype, count, work.own);
    const evicts = mustEvict(layout, options);
    const layers: StoredLayer[] = [];
    const keep = (l: number, seen: Attended): StoredLayer => owning((own) => {
      const last = zonesOf(options.calibration, l) === 0 ? undefined : lastRows(model, seen, own);
      const evicting = { rows: index.rows, stored: index.stored, rowCount: count, storedCount: total(layout.stored), question: question.length, scales: model.kvScales?.[l] };
      return evicts ? { ...own(evictTokens(model, options, hasBos, evicting, seen)), last } : { keys: layerAt(contexts, l).keys, values: layerAt(contexts, l).values, choice: undefined, last };
    });
    const h = await forward(model, ws, {
      ids: lastIds(chunks, layout), rope: anglesAt(model, rope, index.outputPositions, work.own), cache: () => joined, ahead: 2, signal,
      rows: {
        kind: 'behind', parts: index.outputs, before: (l) => layerAt(contexts, l), beforeParts: index.contexts, own: allocLayer(device, config, dtype, rows, work.own),
        all: index.rows, count, afterLayer: (l, seen) => layers.push(kept.own(keep(l, seen))),
      },
    });
    const nll = await meanNll(model, ws, h, index, question.length, ws.hidden[1]);
    return batchOf({ layout, nll, layers, starts: prefixSums(layout.contexts), lasting: !evicts }, kept);
  } catch (e) {
    kept[Symbol.dispose]();
    throw e;
  }
}

/** The last rows of every [chunk, question] that the pass computes. */
const lastIds = (chunks: readonly Chunk[], { question, outputs }: BatchLayout): readonly number[] =>
  chunks.flatMap(({ ids }, c) => [...ids.slice(ids.length + question.length - (outputs[c] ?? 0)), ...question]);
