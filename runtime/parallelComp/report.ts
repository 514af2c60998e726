import type { ParallelCompOptions } from './options.js';

/** A chunk of the document. `tokens`: context tokens, BOS apart. `nll`: its score, the mean −log p of the question's tokens behind it; lower is better. */
export interface ChunkReport { readonly index: number; readonly start: number; readonly tokens: number; readonly nll: number; readonly kept: boolean }

/** One layer of one kept chunk. Columns count from the chunk's BOS, which is column 0 where there is one. */
export interface KeptTokens {
  readonly chunk: number;
  /** Columns that survive token eviction, per KV head. */
  readonly columns: readonly (readonly number[])[];
  /** How many of them calibration takes from each query head, [g][r]; undefined where the layer is not calibrated. */
  readonly excluded: readonly (readonly number[])[] | undefined;
  /** Which ones, [g][r][…], ascending; undefined where the layer is not calibrated. */
  readonly excludedColumns: readonly (readonly (readonly number[])[])[] | undefined;
  /** Attention that each of the columns got from the chunk's last rows, before pooling, [g][n]; undefined where the chunk fits its capacity. */
  readonly scores: readonly (readonly number[])[] | undefined;
}

/** What was kept and why: plain data. */
export interface EvictionReport {
  readonly chunks: readonly ChunkReport[];
  /** Per layer, the kept chunks in document order. */
  readonly layers: readonly (readonly KeptTokens[])[];
  /** Per layer, pairs of a query head and a surviving column excluded by calibration; undefined without calibration. */
  readonly excludedPerLayer: readonly number[] | undefined;
  /** Whether column 0 of every chunk is a BOS, which no text stands for. */
  readonly hasBos: boolean;
  /** Text of each of the document's tokens, which together are its text; undefined unless the request asked for detail. A character of several tokens stands at the last of them. */
  readonly tokens: readonly string[] | undefined;
  /** Position of the question's first token in pass 2. */
  readonly firstPosition: number;
  /** The options in force: how many chunks and tokens could stay, and the threshold of exclusion. */
  readonly options: ParallelCompOptions;
}

/** Puts the steps' results together. `kept`: indices of the kept chunks in document order; `merged`: per layer, what was chosen of each. */
export function evictionReport(chunks: readonly Omit<ChunkReport, 'kept'>[], kept: readonly number[], merged: readonly (readonly Omit<KeptTokens, 'chunk'>[])[], firstPosition: number, options: ParallelCompOptions, hasBos: boolean): EvictionReport {
  const layers = merged.map((parts) => parts.map((part, i) => ({ chunk: kept[i] ?? -1, ...part })));
  const count = (parts: readonly KeptTokens[]): number => parts.reduce((n, p) => n + (p.excluded?.flat().reduce((a, b) => a + b, 0) ?? 0), 0);
  return {
    chunks: chunks.map((c) => ({ ...c, kept: kept.includes(c.index) })),
    layers, excludedPerLayer: options.calibration.length > 0 ? layers.map(count) : undefined, firstPosition, options, hasBos, tokens: undefined,
  };
}

/** Which of the document's tokens, counted over all its pieces, a column of a chunk is; undefined for the BOS and for no column. */
export function tokenOf({ chunks, hasBos }: Pick<EvictionReport, 'chunks' | 'hasBos'>, chunk: number, column: number): number | undefined {
  const found = chunks[chunk];
  const place = column - (hasBos ? 1 : 0);
  return found !== undefined && place >= 0 && place < found.tokens ? found.start + place : undefined;
}
