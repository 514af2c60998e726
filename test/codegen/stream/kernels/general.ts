import { cast, dot, gather, kernel, map, max, min, rename, sizeOf, softmax, sum, tabulate, topk, type In, type Out } from '../../../../dsl/index.js';

// Programs that the derivation was not written for.
type S = In<'f32', ['q', 'k']>;
type V = In<'f32', ['k', 'd']>;
type O = Out<'f32', ['q', 'd']>;

/** A scale of unknown sign outside the difference: the author's max bounds nothing, another is introduced. */
export const scaleOutside = kernel('scaleOutside', { q: 'dynamic', k: 'dynamic', d: 4 }, (s: S, v: V, scale: In<'f32', []>): O => {
  const e = map(s, max(s, 'k'), scale, (s, m, scale) => Math.exp((s - m) * scale));
  return map(dot(e, v, 'k'), sum(e, 'k'), (o, l) => o / l);
});

export const baseTwo = kernel('baseTwo', { q: 'dynamic', k: 'dynamic', d: 4 }, (s: S, v: V): O => {
  const e = map(s, max(s, 'k'), (s, m) => 2 ** (s - m));
  return map(dot(e, v, 'k'), sum(e, 'k'), (o, l) => o / l);
});

/** Σ p², once as a contraction of p with itself. */
export const collision = kernel('collision', { q: 'dynamic', k: 'dynamic' }, (s: S): { contracted: Out<'f32', ['q']>; squared: Out<'f32', ['q']> } => {
  const p = softmax(s, 'k');
  return { contracted: dot(p, p, 'k'), squared: sum(map(p, (p) => p * p), 'k') };
});

/** One reference for several heads: the max over heads of their maxima. */
export const sharedMax = kernel('sharedMax', { q: 'dynamic', k: 'dynamic', h: 3, d: 4 }, (s: In<'f32', ['h', 'q', 'k']>, v: V): Out<'f32', ['h', 'q', 'd']> => {
  const m = max(max(s, 'k'), 'h');
  const e = map(s, m, (s, m) => Math.exp(s - m));
  return map(dot(e, v, 'k'), sum(e, 'k'), (o, l) => o / l);
});

/** Smallest first. */
export const softmin = kernel('softmin', { q: 'dynamic', k: 'dynamic', d: 4 }, (s: S, v: V): O => {
  const e = map(s, min(s, 'k'), (s, m) => Math.exp(m - s));
  return map(dot(e, v, 'k'), sum(e, 'k'), (o, l) => o / l);
});

/** A sum without normaliser may be as large as it is. */
export const plainExponentials = kernel('plainExponentials', { q: 'dynamic', k: 'dynamic' }, (s: S): Out<'f32', ['q']> => sum(map(s, (s) => Math.exp(s)), 'k'));

/** The output of one reduction turns before the next: a rotation is linear. */
export const rotated = kernel('rotated', { q: 'dynamic', e: 'dynamic', d: 4, f: 'dynamic' },
  (x: In<'f32', ['q', 'e', 'd']>, w: In<'f32', ['f', 'e', 'd']>): Out<'f32', ['q', 'd', 'f']> => {
    const scale = map(sum(map(x, (x) => x * x), 'e'), (s) => 1 / Math.sqrt(s + 1));
    const total = map(sum(scale, 'd'), (t) => 1 + t * t);
    const y = map(x, total, (x, t) => x / t);
    const turned = gather(y, 'd', tabulate(['d'], (at) => (at.d + 1) % sizeOf('d')));
    return dot(turned, w, 'e');
  });

/** The head axis is summed in place before the keys are. */
export const mixedHeads = kernel('mixedHeads', { q: 'dynamic', k: 'dynamic', h: 3, d: 4 },
  (s: In<'f32', ['q', 'k']>, u: In<'f32', ['h', 'k']>, w: In<'f32', ['h']>, v: V): O => {
    const p = softmax(s, 'k');
    return dot(dot(map(p, u, (p, u) => p * u), w, 'h'), v, 'k');
  });

/** Heads' shares are averaged before the values: each head's sums must be finished first. */
export const averagedShares = kernel('averagedShares', { q: 'dynamic', k: 'dynamic', h: 3, d: 4 }, (s: In<'f32', ['h', 'q', 'k']>, v: V): O =>
  dot(map(sum(softmax(s, 'k'), 'h'), (p) => p / 3), v, 'k'));

/** The second layer reads the first one's rows as its keys. */
export const twoLayers = kernel('twoLayers', { p: 'dynamic', q: 'dynamic', k: 'dynamic', d: 4 }, (s: S, t: In<'f32', ['p', 'q']>, v: V): Out<'f32', ['p', 'd']> => dot(softmax(t, 'q'), dot(softmax(s, 'k'), v, 'k'), 'q'));

/** Log-probabilities, normalised and written out: two walks of the axis. */
export const logShares = kernel('logShares', { q: 'dynamic', k: 'dynamic' }, (s: S): Out<'f32', ['q', 'k']> => {
  const m = max(s, 'k');
  const l = sum(map(s, m, (s, m) => Math.exp(s - m)), 'k');
  return map(s, m, l, (s, m, l) => s - m - Math.log(l));
});

/** A count, an i32 sum and an i32 max. */
export const integers = kernel('integers', { q: 'dynamic', k: 'dynamic' }, (x: In<'i32', ['q', 'k']>): { total: Out<'i32', ['q']>; most: Out<'i32', ['q']> } => ({ total: sum(x, 'k'), most: max(x, 'k') }));

/** Keys' own norm through a renamed axis. */
export const renamed = kernel('renamed', { q: 'dynamic', k: 'dynamic', d: 4 }, (x: In<'f32', ['k', 'd']>): Out<'f32', ['q']> => {
  const s = dot(rename(x, 'k', 'q'), x, 'd');
  return sum(softmax(s, 'k'), 'k');
});

/** The largest of what a positive factor scales, ordered from below. */
export const smallestShare = kernel('smallestShare', { q: 'dynamic', k: 'dynamic' }, (s: S): Out<'f32', ['q']> => min(map(softmax(s, 'k'), (p) => -p), 'k'));

export const topOfScaled = kernel('topOfScaled', { q: 'dynamic', k: 'dynamic', n: 2 }, (s: S): Out<'i32', ['q', 'n']> =>
  topk(map(s, max(map(s, (s) => Math.abs(s)), 'k'), (s, a) => s / a), 'k', 2, 'n'));

/** Computed scores, so that no row of them need stand in memory. */
export const largestOfRow = kernel('largestOfRow', { q: 'dynamic', k: 'dynamic', n: 1 }, (s: S): Out<'i32', ['q', 'n']> => topk(map(s, (s) => s * 2), 'k', 1, 'n'));

export const rounded16 = kernel('rounded16', { q: 'dynamic', k: 'dynamic', d: 4 }, (s: S, v: In<'f16', ['k', 'd']>): Out<'f16', ['q', 'd']> => {
  const e = map(s, (s) => Math.exp(s));
  return cast('f16', map(dot(cast('f16', e), v, 'k'), sum(e, 'k'), (o, l) => o / l));
});
