import { createHash } from 'node:crypto';
import type { Document, PrefillRequest } from '../document.js';
import { type Counter, counter } from './metrics.js';

/** What decides a document's chunks: equal sources give equal documents. */
export type DocumentSource = Pick<PrefillRequest, 'contexts' | 'chunkTokens' | 'chunkCut' | 'room'>;

/** A document for one question. Disposing gives it back, and frees it where it may not stay. */
export interface Lease extends AsyncDisposable { readonly document: Document; readonly cached: boolean }

/** Documents that were read already, by content. */
export interface DocumentCache {
  /** The document of a source; where it is not there, `make` reads it once about `bytes` are free for it. Throws what `make` throws. */
  open(source: DocumentSource, bytes: number, make: () => Promise<Document>): Promise<Lease>;
  /** Whether a document of so many bytes may stay at all. */
  holds(bytes: number): boolean;
  /** Frees every document. */
  clear(): Promise<void>;
  readonly count: number;
  /** Device memory they hold. */
  readonly bytes: number;
  readonly hits: Counter;
  readonly misses: Counter;
}

export interface DocumentLimits {
  /** How many documents stay; 0 keeps none. */
  readonly count: number;
  /** Device memory they may hold together. */
  readonly bytes: number;
}

/** Keeps the documents used last within both limits. One lease at a time: requests take turns. */
export function createDocumentCache(limits: DocumentLimits): DocumentCache {
  /** Least recently used first. */
  const kept = new Map<string, Document>();
  const held = (): number => [...kept.values()].reduce((sum, document) => sum + document.bytes, 0);

  const shrink = async (count: number, bytes: number): Promise<void> => {
    for (const [key, document] of [...kept]) {
      if (kept.size <= count && held() <= bytes) return;
      kept.delete(key);
      await document[Symbol.asyncDispose]();
    }
  };
  const hits = counter('warpfold_document_cache_hits_total', 'Questions whose document was in memory.');
  const misses = counter('warpfold_document_cache_misses_total', 'Questions whose document had to be read.');

  return {
    hits, misses,
    async open(source, bytes, make) {
      const key = keyOf(source);
      const found = kept.get(key);
      (found === undefined ? misses : hits).add();
      // Room is made before the device needs it, not after.
      if (found === undefined) await shrink(Math.max(0, limits.count - 1), Math.max(0, limits.bytes - bytes));
      const document = found ?? (await make());
      kept.delete(key);
      kept.set(key, document);
      return { document, cached: found !== undefined, [Symbol.asyncDispose]: () => shrink(limits.count, limits.bytes) };
    },
    holds: (bytes) => limits.count > 0 && bytes <= limits.bytes,
    clear: () => shrink(0, -1),
    get count() { return kept.size; },
    get bytes() { return held(); },
  };
}

const keyOf = ({ contexts, chunkTokens, chunkCut, room }: DocumentSource): string => createHash('sha256').update(JSON.stringify([contexts, chunkTokens, chunkCut, room])).digest('hex');
