import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { better, inDocumentOrder, offer, type Scored } from '../../../runtime/parallelComp/chunkEviction.js';

// Few different scores, so that ties are common.
const score = fc.constantFrom(0.5, 1, 1.5, 2, NaN, Infinity);

test.prop([fc.array(score, { maxLength: 20 }), fc.integer({ min: 1, max: 6 })])('20: the streaming queue holds the best of all, ties to the lower index', (nlls, keep) => {
  const chunks = nlls.map((nll, index): Scored => ({ index, nll }));
  let kept: readonly Scored[] = [];
  const dropped: Scored[] = [];
  for (const chunk of chunks) {
    const after = offer(kept, chunk, keep);
    expect(after.kept.length).toBeLessThanOrEqual(keep);
    kept = after.kept;
    if (after.dropped) dropped.push(after.dropped);
  }
  const best = [...chunks].sort((a, b) => (better(a, b) ? -1 : 1)).slice(0, keep);
  expect(inDocumentOrder(kept)).toEqual(inDocumentOrder(best));
  expect(inDocumentOrder([...kept, ...dropped])).toEqual(chunks);
});

test('a lower NLL wins, then the lower index; NaN loses to everything', () => {
  expect(better({ index: 5, nll: 1 }, { index: 0, nll: 2 })).toBe(true);
  expect(better({ index: 1, nll: 1 }, { index: 2, nll: 1 })).toBe(true);
  expect(better({ index: 2, nll: 1 }, { index: 1, nll: 1 })).toBe(false);
  expect(better({ index: 0, nll: NaN }, { index: 1, nll: 100 })).toBe(false);
});
