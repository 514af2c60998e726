import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { causal, causalFrom, dilated, prefix, sameDocument, slidingWindow, within } from '../../dsl/index.js';

const place = fc.nat(40);
const count = fc.integer({ min: 1, max: 9 });
const keys = Array.from({ length: 41 }, (_, k) => k);

describe('a query sees', () => {
  test.prop([place])('causally, as many keys as its position and one', (q) => {
    expect(keys.filter((k) => causal(q, k))).toEqual(keys.slice(0, q + 1));
  });

  test.prop([place, place, place])('what it would see standing `first` further', (q, k, first) => {
    expect(causalFrom(q, k, first)).toBe(causal(q + first, k));
  });

  test.prop([place, count])('through a window the last `width` keys up to its own', (q, width) => {
    expect(keys.filter((k) => slidingWindow(q, k, width))).toEqual(keys.slice(Math.max(0, q + 1 - width), q + 1));
  });

  test.prop([place, place])('of a prefix everything, whatever its position', (q, length) => {
    expect(keys.filter((k) => prefix(q, k, length))).toEqual(keys.slice(0, Math.max(q + 1, length)));
  });

  test.prop([place, count])('dilated, its own key and every `stride`-th before', (q, stride) => {
    expect(keys.filter((k) => dilated(q, k, stride)).toReversed()).toEqual(Array.from({ length: Math.floor(q / stride) + 1 }, (_, i) => q - i * stride));
  });

  test.prop([fc.array(fc.nat(3), { minLength: 1 }), fc.nat()])('its own document, itself included', (documents, at) => {
    const own = documents[at % documents.length] ?? 0;
    expect(documents.filter((d) => sameDocument(own, d))).toEqual(documents.filter((d) => d === own));
  });

  test.prop([place])('within a length, that many keys', (length) => {
    expect(keys.filter((k) => within(k, length))).toEqual(keys.slice(0, length));
  });
});
