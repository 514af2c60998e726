import { cast, dot, type In, kernel, map, type Out, ragged, sizeOf, softmax } from '../../dsl/index.js';

/**
 * Attention of the question, and of every generated token, over a merged cache. A sequence's queries are the last of its
 * rows: its last query sees all its keys, each one before it a key less. `bias` is added to the scores: 0, or −∞ for what
 * calibration excludes.
 * Packed by sequence: `q` [q, g, r, d], `k` and `v` [k, g, d], `bias` [k, g, r] in f32; `scale` is 1/√d.
 */
export const queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, bias: In<'f32', ['c', 'k', 'g', 'r']>, scale: In<'f32', []>,
  ): Out<E, ['c', 'q', 'g', 'r', 'd']> => {
    const s = map(dot(q, k, 'd'), bias, scale, (s, bias, scale, at) => at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * scale + bias : -Infinity);
    return cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k'));
  });

/** {@link queryAttention} over K and V in 8 bits, each KV head in units of its scale; see chunkAttentionScaled. `kScale` and `vScale` [g]. */
export const queryAttentionScaled = kernel('queryAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<'f8e4m3', ['c', 'k', 'g', 'd']>, v: In<'f8e4m3', ['c', 'k', 'g', 'd']>, bias: In<'f32', ['c', 'k', 'g', 'r']>,
    kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>, scale: In<'f32', []>,
  ): Out<E, ['c', 'q', 'g', 'r', 'd']> => {
    const s = map(dot(q, cast(q.dtype, k), 'd'), bias, kScale, scale, (s, bias, kScale, scale, at) => at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * (kScale * scale) + bias : -Infinity);
    return cast(q.dtype, map(dot(cast(q.dtype, softmax(s, 'k')), cast(q.dtype, v), 'k'), vScale, (o, vScale) => o * vScale));
  });
