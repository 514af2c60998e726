import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { defaults } from '../../../runtime/parallelComp/options.js';
import type { EvictionReport, KeptTokens } from '../../../runtime/parallelComp/report.js';
import { evidenceOf } from '../../../runtime/report/evidence.js';

const group = 2;

/** Reports of a few chunks, some kept, with any columns surviving and any excluded. */
const reports: fc.Arbitrary<EvictionReport> = fc.record({ layers: fc.integer({ min: 1, max: 3 }), heads: fc.integer({ min: 1, max: 3 }), sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }), hasBos: fc.boolean() }).chain(({ layers, heads, sizes, hasBos }) => {
  const columns = (n: number) => fc.subarray(Array.from({ length: n }, (_, i) => i));
  const part = (chunk: number, size: number): fc.Arbitrary<KeptTokens> => fc.record({
    chunk: fc.constant(chunk),
    columns: fc.tuple(...Array.from({ length: heads }, () => columns(size + Number(hasBos)))),
    excluded: fc.constant(undefined),
    excludedColumns: fc.option(fc.tuple(...Array.from({ length: heads }, () => fc.tuple(...Array.from({ length: group }, () => columns(size + Number(hasBos)))))), { nil: undefined }),
    scores: fc.constant(undefined),
  });
  return fc.subarray(sizes.map((_, i) => i), { minLength: 1 }).chain((kept) => fc.record({
    layers: fc.tuple(...Array.from({ length: layers }, () => fc.tuple(...kept.map((c) => part(c, sizes[c] ?? 0))))),
    tokens: fc.tuple(...sizes.flatMap((n) => Array.from({ length: n }, () => fc.string({ unit: 'grapheme', maxLength: 4 })))),
  }).map(({ layers: parts, tokens }): EvictionReport => {
    const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
    return {
      chunks: sizes.map((n, index) => ({ index, start: starts[index] ?? 0, tokens: n, nll: 1, kept: kept.includes(index) })),
      layers: parts, tokens, hasBos, excludedPerLayer: undefined, firstPosition: 0, options: defaults,
    };
  }));
});

describe('evidenceOf', () => {
  test.prop([reports])('keeps every surviving column of every layer and KV head', (report) => {
    const evidence = evidenceOf(report, group);
    for (const [layer, parts] of report.layers.entries()) {
      for (const part of parts) {
        const chunk = evidence.chunks[part.chunk];
        const bytes = Buffer.from(chunk?.kept ?? '', 'base64');
        const width = Math.ceil((chunk?.lengths.length ?? 0) / 8);
        for (const [head, columns] of part.columns.entries()) {
          const own = bytes.subarray((layer * evidence.kvHeads + head) * width, (layer * evidence.kvHeads + head + 1) * width);
          expect(chunk?.lengths.flatMap((_, c) => ((own[c >> 3] ?? 0) >> (c & 7)) & 1 ? [c] : [])).toEqual(columns);
        }
      }
    }
  });

  test.prop([reports])('cuts the text of a chunk into its tokens, behind its BOS', (report) => {
    for (const { index, start, tokens } of report.chunks.filter((c) => c.kept)) {
      const { lengths = [] } = evidenceOf(report, group).chunks[index] ?? {};
      const text = (report.tokens ?? []).slice(start, start + tokens).join('');
      const startOf = (i: number): number => lengths.slice(0, i).reduce((a, b) => a + b, 0);
      const cut = lengths.map((n, i) => text.slice(startOf(i), startOf(i) + n));
      expect(cut).toEqual([...(report.hasBos ? [''] : []), ...(report.tokens ?? []).slice(start, start + tokens)]);
    }
  });

  test.prop([reports])('names every query head that calibration takes something from, with what it takes', (report) => {
    const wanted = report.layers.flatMap((parts, layer) => parts.flatMap((p) => (p.excludedColumns ?? []).flatMap((queries, g) => queries.flatMap((columns, r) => (columns.length === 0 ? [] : [[p.chunk, layer, g * group + r, columns]])))));
    const found = Object.entries(evidenceOf(report, group).chunks).flatMap(([chunk, c]) => c.excluded.map((x) => [Number(chunk), ...x]));
    expect(new Set(found.map((x) => JSON.stringify(x)))).toEqual(new Set(wanted.map((x) => JSON.stringify(x))));
  });
});
