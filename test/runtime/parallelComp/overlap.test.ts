import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import type { Span } from '../../../runtime/device.js';
import { complete } from '../../../runtime/parallelComp/options.js';
import { parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { spanChannel } from '../../../runtime/spans.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyModel } from '../../kit/tinyModel.js';

test('chunks are prepared while those before them are passed, each once', async () => {
  const model = await tinyModel(await referenceDevice(), { numLayers: 3 });
  const spans: Span[] = [];
  // spans.ts publishes nothing else there.
  const note = (span: unknown): void => { spans.push(span as Span); };
  subscribe(spanChannel, note);
  try {
    const context = Array.from({ length: 50 }, (_, i) => 2 + (i % 20));
    const { state } = await parallelComp(model, { context: [context], question: [3, 4], bosId: 0, maxTokens: 1 }, complete({ chunkTokens: 10, chunkCut: 'fixed' }), { inFlight: () => 2 });
    state.cache[Symbol.dispose]();
  } finally {
    unsubscribe(spanChannel, note);
  }
  const passed = spans.filter((s) => s.name.startsWith('chunks '));
  const prepared = spans.filter((s) => s.name === 'prepare chunks');
  expect(passed.map((s) => s.name)).toEqual(['chunks 0, 1', 'chunks 2, 3', 'chunks 4']);
  expect(prepared.length).toBe(3);
  for (const [i, pass] of passed.slice(0, 2).entries()) {
    const next = prepared[i + 1];
    expect(next?.from).toBeGreaterThan(pass.from);
    expect(next?.to).toBeLessThan(pass.to);
  }
});
