import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { paperMix, zonesOf } from '../../../runtime/parallelComp/calibration.js';
import { chunkCount, chunkSize, chunksOf, cuts, type Prompt } from '../../../runtime/parallelComp/chunking.js';
import { complete, defaults } from '../../../runtime/parallelComp/options.js';

const prompt = (given: Partial<Prompt>): Prompt => ({ context: [[5, 6, 7]], question: [9, 9], bosId: 0, maxTokens: 4, ...given });

describe('chunks', () => {
  test.prop([fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 })])('even pieces cover the document in order and differ by at most one token', (length, size) => {
    const pieces = cuts(length, size, 'even');
    expect(pieces.length).toBe(Math.ceil(length / size));
    expect(pieces.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(Array.from({ length }, (_, i) => i));
    const lengths = pieces.map(([from, to]) => to - from);
    if (length > 0) {
      expect(Math.max(...lengths)).toBeLessThanOrEqual(size);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }
  });

  test('fixed pieces are full but for the remainder', () => {
    expect(cuts(1999, 900, 'fixed')).toEqual([[0, 900], [900, 1800], [1800, 1999]]);
  });

  test.prop([fc.array(fc.array(fc.integer({ min: 2, max: 9 }), { maxLength: 20 }), { maxLength: 4 }), fc.integer({ min: 1, max: 7 }), fc.constantFrom('even' as const, 'fixed' as const)])(
    'parts of a document share no chunk and nothing is lost', (context, size, cut) => {
      const chunks = [...chunksOf(prompt({ context }), size, cut)];
      expect(chunks.length).toBe(chunkCount(prompt({ context }), size));
      expect(chunks.flatMap((c) => c.ids.slice(1))).toEqual(context.flat());
      expect(chunks.every((c) => c.ids[0] === 0)).toBe(true);
      expect(chunks.map((c) => c.index)).toEqual(chunks.map((_, i) => i));
      expect(chunks.every((c) => c.ids[1] === context.flat()[c.start])).toBe(true);
    });

  test('a chunk leaves room in the window for BOS, question and answer', () => {
    expect(chunkSize({ window: 1024 }, prompt({ question: Array.from({ length: 22 }, () => 5), maxTokens: 64 }), defaults)).toBe(1024 - 1 - 22 - 64);
    expect(chunkSize({ window: 1024 }, prompt({ bosId: undefined, maxTokens: 64 }), defaults)).toBe(1024 - 2 - 64);
  });

  test.each([
    ['a question that fills the window', { question: Array.from({ length: 1023 }, () => 5) }, {}, 'R402', "the question has 1023 tokens, the model's window is 1024; ask a shorter question"],
    ['an answer that leaves no room', { maxTokens: 1021 }, {}, 'R402', 'a question of 2 tokens and 1021 tokens of answer fill the window of 1024; ask a shorter question or lower maxTokens'],
    ['a chunk beyond the window', { context: [Array.from({ length: 2000 }, () => 5)] }, { chunkTokens: 1022 }, 'R403', 'chunkTokens is 1022, it must be at most 1021: chunk and question share a window of 1024; choose a smaller chunk'],
  ])('%s is refused', (_, given, options, code, message) => {
    expect(() => chunkSize({ window: 1024 }, prompt(given), complete(options))).toThrow(expect.objectContaining({ code, message }));
  });
});

describe('options', () => {
  test.each([
    [{ keepChunks: 0 }, 'keepChunks is 0, it must be a whole number from 1; keep at least one chunk'],
    [{ capacity: 0 }, 'capacity is 0, it must be a whole number from 1; keep at least one token per chunk, or leave capacity out to keep all'],
    [{ observationRows: 1.5 }, 'observationRows is 1.5, it must be a whole number from 1; let at least one row judge the tokens'],
    [{ pool: 0 }, 'pool is 0, it must be a whole number from 1; use 1 for no pooling'],
    [{ chunkTokens: -3 }, 'chunkTokens is -3, it must be a whole number from 1; leave it out to use what the window allows'],
    [{ threshold: 0 }, 'threshold is 0, it must be a probability above 0 and up to 1; use 0.1, the default'],
    [{ threshold: NaN }, 'threshold is NaN, it must be a probability above 0 and up to 1; use 0.1, the default'],
    [{ edge: -1 }, 'edge is -1, it must be a whole number from 0; use 100, the default'],
  ])('%o is refused with a remedy', (given, message) => {
    expect(() => complete(given)).toThrow(expect.objectContaining({ code: 'R403', message }));
  });

  test('undefined leaves the default', () => {
    expect(complete({ pool: undefined, keepChunks: 5 })).toEqual({ ...defaults, keepChunks: 5 });
  });
});

describe('calibration', () => {
  test("the paper's mix is quarters 1, 2 and 4 of the layers", () => {
    expect(paperMix(32)).toEqual([{ from: 0, to: 7, zone: 'middle' }, { from: 8, to: 15, zone: 'recent' }, { from: 24, to: 31, zone: 'sink' }]);
    expect(paperMix(6)).toEqual([{ from: 0, to: 0, zone: 'middle' }, { from: 1, to: 2, zone: 'recent' }, { from: 4, to: 5, zone: 'sink' }]);
    expect(paperMix(1)).toEqual([{ from: 0, to: 0, zone: 'sink' }]);
  });

  test('the zones of a layer join, each once', () => {
    const all = [{ from: 0, to: 3, zone: 'sink' }, { from: 2, to: 5, zone: 'middle' }, { from: 3, to: 3, zone: 'sink' }, { from: 3, to: 9, zone: 'recent' }] as const;
    expect([0, 2, 3, 5, 9, 10].map((l) => zonesOf(all, l))).toEqual([1, 5, 7, 6, 2, 0]);
  });
});
