import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { streamedGraph } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { type Counts, countsOf } from '../../../codegen/graph/counts.js';

const source = `import { causal, cast, dot, gather, type In, kernel, map, type Out, slidingWindow, softmax } from 'warpfold/dsl';
export const product = kernel('product', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => cast(x.dtype, dot(x, w, 'e')));
export const seen = kernel('seen', { q: 'dynamic', k: 'dynamic', d: 64 },
  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s : -Infinity)), 'k'), v, 'k'));
export const windowed = kernel('windowed', { q: 'dynamic', k: 'dynamic', d: 64 },
  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>, first: In<'i32', []>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(dot(q, k, 'd'), first, (s, first, at) => (slidingWindow(at.q + first, at.k, 128) ? s : -Infinity)), 'k'), v, 'k'));
export const masked = kernel('masked', { q: 'dynamic', k: 'dynamic', d: 64 },
  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>, m: In<'i32', ['k']>): Out<'f32', ['q', 'd']> =>
    dot(softmax(map(dot(q, k, 'd'), m, (s, m) => (m > 0 ? s : -Infinity)), 'k'), v, 'k'));
export const rows = kernel('rows', { t: 'dynamic', q: 'dynamic', e: 'dynamic' },
  (x: In<'f32', ['t', 'e']>, at: In<'i32', ['q']>): Out<'f32', ['q', 'e']> => gather(x, 't', at));
`;
const kernels = readKernels(['my.ts'], { sources: { 'my.ts': source } });
function counts(name: string, lengths: Readonly<Record<string, number>>, variant = 0, scalars: Readonly<Record<string, number>> = {}): Counts {
  const def = kernels.find((k) => k.name === name)?.variants[variant];
  if (!def) throw new Error(name);
  return countsOf(streamedGraph(def), { d: 64, ...lengths }, scalars);
}
const length = fc.integer({ min: 1, max: 5000 });

describe('the work of a kernel', () => {
  property.prop([length, length, length])('of a product is two operations for each multiply-add, by the unit that does them', (q, e, f) => {
    expect(counts('product', { q, e, f })).toEqual({ halves: 0, products: 2 * q * e * f, elements: 0, bytes: 4 * (q * e + f * e + q * f) });
    expect(counts('product', { q, e, f }, 1)).toEqual({ halves: 2 * q * e * f, products: 0, elements: 0, bytes: 2 * (q * e + f * e + q * f) });
  });

  // Of n·n pairs n·(n + 1)/2 are visible. 4096 samples leave a hundredth.
  test.each([64, 1024, 4096])('is only where a mask of positions shows something: half of %i squared', (n) => {
    expect(counts('seen', { q: n, k: n }).products / (4 * 64 * n * n)).toBeCloseTo((n + 1) / (2 * n), 1.7);
  });

  test('follows a window, and a scalar that moves it', () => {
    expect(counts('windowed', { q: 4096, k: 4096 }, 0, { first: 0 }).products / (4 * 64 * 4096 * 4096)).toBeCloseTo(128 / 4096, 2);
    expect(counts('windowed', { q: 64, k: 4096 }, 0, { first: 8192 }).products).toBe(0);
  });

  test('counts everything where data decides what is hidden', () => {
    expect(counts('masked', { q: 512, k: 512 }).products).toBe(4 * 64 * 512 * 512);
  });

  property.prop([length, length, length])('reads of a table no more than is asked for', (t, q, e) => {
    expect(counts('rows', { t, q, e }).bytes).toBe(4 * (Math.min(t, q) * e + q + q * e));
  });
});
