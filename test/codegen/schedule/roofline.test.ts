import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { boundOf, changeOf } from '../../../codegen/schedule/roofline.js';
import { spreadOf } from '../../../codegen/schedule/spread.js';
import { uniform } from '../../kit/values.js';

const amount = fc.double({ min: 1, max: 1e12, noNaN: true });
const work = fc.record({ halves: amount, products: amount, elements: amount, bytes: amount });
const rates = fc.record({ whole: amount, halves: amount, memory: amount });

describe('the roofline', () => {
  property.prop([work, rates])('is the time of the unit that has most to do', (w, r) => {
    const { seconds } = boundOf(w, r);
    const alone = [w.bytes / r.memory, (w.products + w.elements) / r.whole, w.halves / r.halves];
    expect(seconds).toBe(Math.max(...alone));
    expect(boundOf({ ...w, bytes: w.bytes + 2 * r.memory * seconds }, r).kind).toBe('memory');
  });

  test.each([
    [{ halves: 0, products: 0, elements: 10, bytes: 1000 }, 'memory', 10],
    [{ halves: 0, products: 5000, elements: 1000, bytes: 100 }, 'f32 arithmetic', 6],
    [{ halves: 90_000, products: 0, elements: 1000, bytes: 100 }, '16-bit products', 9],
  ])('%j is bound by %s', (w, kind, seconds) => expect(boundOf(w, { whole: 1000, halves: 10_000, memory: 100 })).toEqual({ kind, seconds }));
});

describe('a change between two runs', () => {
  const noisy = (median: number, noise: number, seed: number) => spreadOf(Array.from({ length: 40 }, (_, i) => median * (1 + noise * (2 * uniform(seed, i) - 1))));

  property.prop([fc.nat(), fc.double({ min: 0, max: 0.3, noNaN: true })])('is none where both measured the same, however noisy', (seed, noise) => {
    expect(changeOf(noisy(1, noise, seed), noisy(1, noise, seed + 1)).verdict).toBe('same');
  });

  property.prop([fc.nat(), fc.double({ min: 1.2, max: 10, noNaN: true })])('is seen where it is beyond the noise, one way and the other', (seed, factor) => {
    const [slow, fast] = [noisy(factor, 0.02, seed), noisy(1, 0.02, seed + 1)];
    expect([changeOf(slow, fast).verdict, changeOf(fast, slow).verdict]).toEqual(['slower', 'faster']);
  });

  test('below two hundredths is none, even where nothing is noisy', () => {
    expect(changeOf(spreadOf([1.019]), spreadOf([1]))).toEqual({ ratio: 1.019, verdict: 'same' });
    expect(changeOf(spreadOf([1.03]), spreadOf([1]))).toEqual({ ratio: 1.03, verdict: 'slower' });
  });
});
