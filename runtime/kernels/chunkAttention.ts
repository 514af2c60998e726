import { cast, dot, type In, kernel, logSumExp, map, type Out, ragged, sizeOf, softmax } from '../../dsl/index.js';

/**
 * Causal attention of chunks that do not see each other, with grouped heads, and the log-sum-exp of their rows. A chunk's
 * queries are the last of its rows: its last query sees all its keys, each one before it a key less.
 * Packed by chunk: `q` [q, g, r, d], `k` and `v` [k, g, d] with g the KV heads and r the query heads of each; `scale` is
 * 1/√d; `o` [q, g, r, d], `lse` [q, g, r] in natural units.
 */
export const chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, scale: In<'f32', []>,
  ): { o: Out<E, ['c', 'q', 'g', 'r', 'd']>; lse: Out<'f32', ['c', 'q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale, at) => at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * scale : -Infinity);
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k') };
  });

/**
 * {@link chunkAttention} over K and V in 8 bits, each KV head in units of its scale: they become what q is on their way to the
 * products, and the scales multiply scores and sums. `kScale` and `vScale` [g].
 */
export const chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['c', 'q', 'g', 'r', 'd']>, k: In<'f8e4m3', ['c', 'k', 'g', 'd']>, v: In<'f8e4m3', ['c', 'k', 'g', 'd']>,
    kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>, scale: In<'f32', []>,
  ): { o: Out<E, ['c', 'q', 'g', 'r', 'd']>; lse: Out<'f32', ['c', 'q', 'g', 'r']> } => {
    const s = map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.k <= at.q + sizeOf('k') - sizeOf('q') ? s * (kScale * scale) : -Infinity);
    const o = dot(cast(q.dtype, softmax(s, 'k')), cast(q.dtype, v), 'k');
    return { o: cast(q.dtype, map(o, vScale, (o, vScale) => o * vScale)), lse: logSumExp(s, 'k') };
  });
