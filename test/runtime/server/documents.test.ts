import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Document } from '../../../runtime/document.js';
import { createDocumentCache, type DocumentSource } from '../../../runtime/server/documents.js';

const sourceOf = (text: string): DocumentSource => ({ contexts: [text], chunkTokens: undefined, chunkCut: undefined, room: 16 });

/** A document of so many bytes that counts those that are open. */
const documentOf = (bytes: number, open: Set<Document>): Document => {
  const document: Document = {
    tokens: 1, chunks: 1, storedChunks: 1, bytes,
    generate: () => { throw new Error('not asked here'); },
    [Symbol.asyncDispose]: async () => { open.delete(document); },
  };
  open.add(document);
  return document;
};

describe('the cache of documents', () => {
  const visit = fc.record({ text: fc.constantFrom('a', 'b', 'c', 'd', 'e'), fails: fc.boolean() });
  test.prop([fc.array(visit, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 12 })])('keeps those used last within both limits, and frees every other', async (visits, count, bytes) => {
    const sizes: Readonly<Record<string, number>> = { a: 1, b: 2, c: 3, d: 5, e: 8 };
    const open = new Set<Document>();
    const cache = createDocumentCache({ count, bytes });
    let kept: string[] = [];
    for (const { text, fails } of visits) {
      const make = async (): Promise<Document> => {
        if (fails) throw new Error('cannot be read');
        return documentOf(sizes[text] ?? 0, open);
      };
      const known = kept.includes(text);
      const held = (): number => kept.reduce((sum, k) => sum + (sizes[k] ?? 0), 0);
      const makeRoom = (): void => { while (kept.length > 0 && (kept.length > count - 1 || held() > bytes - (sizes[text] ?? 0))) kept.shift(); };
      if (!known && fails) {
        await expect(cache.open(sourceOf(text), sizes[text] ?? 0, make)).rejects.toThrow('cannot be read');
        makeRoom();
        continue;
      }
      {
        await using lease = await cache.open(sourceOf(text), sizes[text] ?? 0, make);
        expect(lease.cached).toBe(known);
        expect(open.has(lease.document)).toBe(true);
        if (!known) makeRoom();
        kept = [...kept.filter((k) => k !== text), text];
      }
      while (kept.length > count || held() > bytes) kept.shift();
      expect([cache.count, cache.bytes, open.size]).toEqual([kept.length, held(), kept.length]);
    }
    await cache.clear();
    expect(open.size).toBe(0);
  });

  test('tells texts apart by their borders and by how they are cut', async () => {
    const cache = createDocumentCache({ count: 9, bytes: 100 });
    const open = new Set<Document>();
    const base = sourceOf('a');
    const sources: readonly DocumentSource[] = [base, { ...base, contexts: ['a', ''] }, { ...base, contexts: ['', 'a'] }, { ...base, room: 32 }, { ...base, chunkTokens: 4 }, { ...base, chunkCut: 'fixed' }];
    for (const source of [...sources, ...sources]) await (await cache.open(source, 1, async () => documentOf(1, open)))[Symbol.asyncDispose]();
    expect(open.size).toBe(sources.length);
  });
});
