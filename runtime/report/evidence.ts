import type { EvictionReport, KeptTokens } from '../parallelComp/report.js';

/**
 * Of one kept chunk, by columns: the BOS where there is one, then its tokens. `lengths`: how many UTF-16 units of the
 * chunk's text each is, 0 for the BOS. `kept`: which survive, one bit for each column after the other, layer by layer and
 * within it KV head by KV head, each beginning a byte, in base64. `excluded`: for each layer and query head that has any,
 * the columns that calibration takes from it.
 */
export interface ChunkEvidence {
  readonly lengths: readonly number[];
  readonly kept: string;
  readonly excluded: readonly (readonly [layer: number, queryHead: number, columns: readonly number[]])[];
}
/** What is known of the columns of every kept chunk, by the chunk's index, small enough to travel in a page. */
export interface Evidence {
  readonly layers: number;
  readonly kvHeads: number;
  /** Query heads that share a KV head. */
  readonly group: number;
  /** Whether column 0 is a BOS. */
  readonly bos: boolean;
  readonly chunks: Readonly<Record<number, ChunkEvidence>>;
}

/** The evidence of a report that was asked for detail. `group`: query heads of a KV head. */
export function evidenceOf(report: EvictionReport, group: number): Evidence {
  const { layers, chunks, hasBos } = report;
  return {
    layers: layers.length, kvHeads: layers[0]?.[0]?.columns.length ?? 0, group, bos: hasBos,
    chunks: Object.fromEntries(chunks.filter((c) => c.kept).map((c) => [c.index, chunkEvidence(report, c, group)])),
  };
}

function chunkEvidence({ layers, tokens = [], hasBos }: EvictionReport, { index, start, tokens: count }: EvictionReport['chunks'][number], group: number): ChunkEvidence {
  const parts = layers.map((layer) => layer.find((p) => p.chunk === index));
  const lengths = [...(hasBos ? [0] : []), ...tokens.slice(start, start + count).map((text) => text.length)];
  return {
    lengths,
    kept: Buffer.concat(parts.flatMap((p) => p?.columns ?? []).map((columns) => bits(columns, count + (hasBos ? 1 : 0)))).toString('base64'),
    excluded: parts.flatMap((p, layer) => excludedIn(p, layer, group)),
  };
}

function excludedIn(part: KeptTokens | undefined, layer: number, group: number): ChunkEvidence['excluded'] {
  const heads = part?.excludedColumns ?? [];
  return heads.flatMap((queries, g) => queries.flatMap((columns, r) => (columns.length === 0 ? [] : [[layer, g * group + r, columns] as const])));
}

/** A bit for each of `count` columns, the first the lowest of its byte. */
function bits(columns: readonly number[], count: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(count / 8));
  for (const t of columns) bytes[t >> 3] = (bytes[t >> 3] ?? 0) | (1 << (t & 7));
  return bytes;
}
