import { createHash } from 'node:crypto';
import type { Document, PrefillRequest } from '../document.js';
import { type Counter, counter } from './metrics.js';

/** What decides a document's chunks: equal sources give equal documents. */
export type DocumentSource = Pick<PrefillRequest, 'contexts' | 'chunkTokens' | 'chunkCut' | 'room'>;

/** A document for one question. Disposing gives it back, and frees it where it may not stay. */
export interface Lease extends AsyncDisposable { readonly document: Document; readonly cached: boolean }

/** Documents that were read already, by content. */
export interface DocumentCache extends AsyncDisposable {
  /** The document of a source; `make` reads it when it is not there. Throws what `make` throws. */
  open(source: DocumentSource, make: () => Promise<Document>): Promise<Lease>;
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
  const bytes = (): number => [...kept.values()].reduce((sum, document) => sum + document.bytes, 0);

  const shrink = async (count: number, most: number): Promise<void> => {
    for (const [key, document] of [...kept]) {
      if (kept.size <= count && bytes() <= most) return;
      kept.delete(key);
      await document[Symbol.asyncDispose]();
    }
  };
  const hits = counter('warpfold_document_cache_hits_total', 'Questions whose document was in memory.');
  const misses = counter('warpfold_document_cache_misses_total', 'Questions whose document had to be read.');

  return {
    hits, misses,
    async open(source, make) {
      const key = keyOf(source);
      const found = kept.get(key);
      (found === undefined ? misses : hits).add();
      // Room is made before the device needs it, not after.
      if (found === undefined) await shrink(Math.max(0, limits.count - 1), limits.bytes);
      const document = found ?? (await make());
      kept.delete(key);
      kept.set(key, document);
      return { document, cached: found !== undefined, [Symbol.asyncDispose]: () => shrink(limits.count, limits.bytes) };
    },
    get count() { return kept.size; },
    get bytes() { return bytes(); },
    [Symbol.asyncDispose]: () => shrink(0, 0),
  };
}

const keyOf = ({ contexts, chunkTokens, chunkCut, room }: DocumentSource): string => createHash('sha256').update(JSON.stringify([contexts, chunkTokens, chunkCut, room])).digest('hex');
