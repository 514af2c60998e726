import { setImmediate as turn } from 'node:timers/promises';
import type { DeviceTensor } from '../device.js';
import type { Decoder } from '../model/transformer.js';
import { allocLayer } from '../kvCache.js';
import { type Own, owning, scope } from '../scope.js';
import { type BatchLayout, mustEvict, prefixSums, upload } from './batch.js';
import { zonesOf } from './calibration.js';
import type { Scored } from './chunkEviction.js';
import type { Chunk } from './chunking.js';
import type { ParallelCompOptions } from './options.js';
import type { Batch } from './prefill.js';
import type { StoredLayer } from './tokenEviction.js';

/** A chunk after its pass: its score, and what is left of its K and V. Disposing it frees that at once. */
export interface ChunkState extends Scored, Disposable {
  /** Columns it has, BOS included. */
  readonly context: number;
  /** Layers of this chunk alone. */
  readonly layers: readonly StoredLayer[];
}

/** A chunk that still lies in its batch. */
export interface BatchMember extends Scored { readonly batch: Batch; readonly at: number }

/** The chunks of a batch, in its order. */
export const membersOf = (batch: Batch, chunks: readonly Chunk[]): readonly BatchMember[] => chunks.map(({ index }, at) => ({ index, nll: batch.nll[at] ?? NaN, batch, at }));

/** What a chunk needs to outlive its batch: a batch of one is the chunk's from now on, of others its part is copied unless it lasts. */
export function detach(model: Decoder, { index, nll, batch, at }: BatchMember, options: Pick<ParallelCompOptions, 'capacity'>): ChunkState {
  const context = batch.layout.contexts[at] ?? 0;
  if (batch.layout.contexts.length === 1) {
    const memory = batch.release();
    return { index, nll, context, layers: batch.layers, [Symbol.dispose]: () => memory[Symbol.dispose]() };
  }
  return owning((own) => {
    const part = partOf(model, batch, at, options, own);
    return { index, nll, context, layers: batch.layers.map((layer) => own(partOfLayer(model, layer, part, batch.lasting))) };
  });
}

/**
 * Has a GPU's memory for what is kept of a batch at hand before that is copied: asked of the system while the device works, and
 * free again. Asked for between two batches, hundreds of blocks would keep the device waiting. Others have their turn after each
 * chunk: the device must not wait for them now either. Never rejects.
 */
export async function layAside(model: Decoder, layout: BatchLayout, options: ParallelCompOptions): Promise<void> {
  const { device, config } = model;
  // One chunk keeps the batch's memory.
  if (device.kind !== 'cuda' || layout.contexts.length === 1) return;
  const { numKvHeads: g, numHeads, headDim: d } = config;
  const chosen = mustEvict(layout, options);
  const largest = layout.contexts.map((context, at) => ({ context, stored: chosen ? layout.stored[at] ?? 0 : context, rows: layout.rows[at] ?? 0 }))
    .sort((a, b) => b.stored - a.stored).slice(0, options.keepChunks);
  using blocks = scope();
  try {
    for (const { context, stored, rows } of largest) {
      for (let l = 0; l < config.numLayers; l++) {
        allocLayer(device, config, model.dtype, stored, blocks.own, { scales: model.kvScales?.[l] });
        if (chosen && context > (options.capacity ?? Infinity)) for (const columns of [stored, rows]) blocks.own(device.alloc('f32', [g, columns]));
        if (zonesOf(options.calibration, l) > 0) for (const width of [numHeads * d, numHeads]) blocks.own(device.alloc(width === numHeads ? 'f32' : model.dtype, [width]));
      }
      await turn();
    }
  } catch {
    // Whatever is wrong is told where the memory is needed.
  }
}

/** Which rows of a packed layer are a chunk's. `columns` and `scores`: their places along the packed axis, [g, n] each; undefined where the chunk has all its columns. */
interface Part { readonly at: number; readonly from: number; readonly to: number; readonly picks: { readonly columns: DeviceTensor; readonly scores: DeviceTensor } | undefined }

function partOf({ device, config }: Decoder, { layout, layers, starts }: Batch, at: number, { capacity = Infinity }: Pick<ParallelCompOptions, 'capacity'>, own: Own): Part {
  const context = layout.contexts[at] ?? 0;
  const chosen = layers.some((layer) => layer.choice !== undefined);
  const from = (chosen ? prefixSums(layout.stored) : starts)[at] ?? 0;
  const to = from + (chosen ? (layout.stored[at] ?? 0) : context);
  if (context <= capacity) return { at, from, to, picks: undefined };
  const first = prefixSums(layout.rows)[at] ?? 0;
  const everyHead = (start: number, end: number): readonly number[] => Array.from({ length: config.numKvHeads }, () => Array.from({ length: end - start }, (_, i) => start + i)).flat();
  const rows = layout.rows[at] ?? 0;
  const { columns, scores } = upload(device, { columns: everyHead(from, to), scores: everyHead(first, first + rows) }, own);
  return { at, from, to, picks: { columns: columns.reshape([config.numKvHeads, to - from]), scores: scores.reshape([config.numKvHeads, rows]) } };
}

function partOfLayer({ device }: Decoder, { keys, values, choice, last }: StoredLayer, { at, from, to, picks }: Part, lasting: boolean): StoredLayer {
  return owning((own) => {
    const rows = (x: DeviceTensor, start: number, end: number): DeviceTensor => {
      const source = x.slice(start, end);
      const copy = own(device.alloc(x.dtype, source.shape));
      device.copy(copy, source);
      return copy;
    };
    const pick = (x: DeviceTensor, index: DeviceTensor): DeviceTensor => {
      const out = own(device.alloc(x.dtype, index.shape));
      device.launch('pick', { x, index }, { out });
      return out;
    };
    return {
      keys: lasting ? keys.slice(from, to) : rows(keys, from, to), values: lasting ? values.slice(from, to) : rows(values, from, to),
      choice: choice && picks && { columns: pick(choice.columns, picks.columns), score: pick(choice.score, picks.scores) },
      last: last && { query: rows(last.query, at, at + 1), lse: rows(last.lse, at, at + 1) },
    };
  });
}
