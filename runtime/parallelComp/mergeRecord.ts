import type { DeviceTensor } from '../device.js';
import type { Decoder } from '../model/transformer.js';
import type { Own } from '../scope.js';
import { upload } from './batch.js';
import { zonesOf } from './calibration.js';
import type { Place } from './merge.js';
import type { ParallelCompOptions } from './options.js';
import type { KeptTokens } from './report.js';

/** One layer of a kept chunk, without the chunk's name. */
export type MergedPart = Omit<KeptTokens, 'chunk'>;

/** What is told of a chunk's choices, all layers on the device until the end: so that no layer waits for the host. */
export interface ChunkRecord {
  /** [layers · g, rows]; where nothing is chosen one layer's worth, the same for all. */
  readonly columns: DeviceTensor<'i32'>;
  /** [layers · g, rows]; undefined where the chunk fits its capacity. */
  readonly scores: DeviceTensor<'f32'> | undefined;
  /** [layers · g, r]; undefined without calibration. */
  readonly excluded: DeviceTensor<'f32'> | undefined;
  /** Offsets of the chunk's columns, of its stored rows and of those that survive. */
  readonly offsets: { readonly columns: DeviceTensor; readonly stored: DeviceTensor; readonly rows: DeviceTensor };
}

/** Memory for a chunk's choices. */
export function recordOf({ device, config }: Decoder, { chunk, lo, rows }: Place, { calibration }: ParallelCompOptions, own: Own): ChunkRecord {
  const { numKvHeads: g, numHeads, numLayers } = config;
  const choice = chunk.layers[0]?.choice;
  const all = <D extends 'i32' | 'f32'>(dtype: D, width: number): DeviceTensor<D> => own(device.alloc(dtype, [numLayers * g, width]));
  const identity = choice === undefined ? Array.from({ length: g }, () => Array.from({ length: rows }, (_, i) => lo + i)).flat() : [];
  const { columns, ...offsets } = upload(device, { columns: identity, columnOffsets: [0, choice?.score.shape[1] ?? 0], storedOffsets: [0, choice?.columns.shape[1] ?? 0], rowOffsets: [0, rows] }, own);
  return {
    columns: choice === undefined ? columns.reshape([g, rows]) : all('i32', rows),
    scores: choice === undefined ? undefined : all('f32', rows),
    excluded: calibration.length > 0 ? all('f32', numHeads / g) : undefined,
    offsets: { columns: offsets.columnOffsets, stored: offsets.storedOffsets, rows: offsets.rowOffsets },
  };
}

/** A chunk's choices on the host, as they lay on the device. `hidden`: per layer, the bias of its rows where calibration leaves something out. */
export interface ReadRecord {
  readonly heads: number;
  readonly columns: Int32Array;
  readonly scores: Float32Array | undefined;
  /** Per layer, how many columns each query head leaves out [g][r]; undefined where the layer is not calibrated. */
  readonly excluded: readonly (readonly (readonly number[])[] | undefined)[];
  readonly hidden: readonly (Float32Array | undefined)[];
}

/** Reads a chunk's choices. `biases`: of its rows, [n, g, r] per layer. */
export async function readRecord({ device, config }: Decoder, { columns, scores, excluded }: ChunkRecord, options: ParallelCompOptions, biases: readonly (DeviceTensor<'f32'> | undefined)[]): Promise<ReadRecord> {
  const [c, s, e] = await Promise.all([device.read(columns), scores && device.read(scores), excluded && device.read(excluded)]);
  const heads = config.numKvHeads;
  const counts = biases.map((_, l) => (e === undefined || zonesOf(options.calibration, l) === 0 ? undefined : perHead(e, heads, excluded?.shape[1] ?? 0, l)));
  // Few layers and heads exclude anything, and a bias is as large as K.
  const hidden = await Promise.all(biases.map(async (bias, l) => (bias !== undefined && counts[l]?.flat().some((n) => n > 0) ? await device.read(bias) : undefined)));
  return { heads, columns: c, scores: s, excluded: counts, hidden };
}

/** Per layer, what was chosen, in lists. */
export function partsOf({ heads, columns, scores, excluded, hidden }: ReadRecord): readonly MergedPart[] {
  const layers = excluded.length;
  // Without a choice all layers have the same columns, which are there once.
  const width = columns.length / (scores === undefined ? heads : layers * heads);
  const shared = scores === undefined ? perHead(columns, heads, width, 0) : undefined;
  return excluded.map((counts, l) => {
    const own = shared ?? perHead(columns, heads, width, l);
    return { columns: own, scores: scores && perHead(scores, heads, width, l), excluded: counts, excludedColumns: counts && excludedColumns(own, counts, hidden[l]) };
  });
}

/** Which columns each query head leaves out: those whose bias is −∞. */
const excludedColumns = (columns: readonly (readonly number[])[], counts: readonly (readonly number[])[], hidden: Float32Array | undefined): readonly (readonly (readonly number[])[])[] =>
  counts.map((heads, g) => heads.map((count, r) => (count === 0 ? [] : (columns[g] ?? []).filter((_, n) => hidden?.[(n * counts.length + g) * heads.length + r] === -Infinity))));

/** One layer's rows of [layers · g, length], as lists. */
const perHead = (flat: Int32Array | Float32Array, heads: number, length: number, l: number): readonly (readonly number[])[] =>
  Array.from({ length: heads }, (_, g) => Array.from(flat.subarray((l * heads + g) * length, (l * heads + g + 1) * length)));
