// 3. Attention with grouped heads. Run it: `node build/ts/examples/attention.js`.
// `npx warpfold explain examples/attention.ts` prints how it streams: the scores of a row are never all in memory.
import { array, cast, causal, denseOf, dot, type In, kernel, logSumExp, map, type Out, softmax } from 'warpfold/dsl';

// g is the KV head and r the query head within its group: two axes, so grouping needs no rule of its own.
// `at` holds positions on the axes of the map's result. A kernel may return several results by name.
export const grouped = kernel('grouped', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['q', 'g', 'r', 'd']>, k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, scale: In<'f32', []>,
  ): { o: Out<E, ['q', 'g', 'r', 'd']>; lse: Out<'f32', ['q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), scale, (s, scale, at) => (causal(at.q, at.k) ? s * scale : -Infinity));
    const p = softmax(s, 'k');
    return { o: cast(q.dtype, dot(cast(v.dtype, p), v, 'k')), lse: logSumExp(s, 'k') };
  });

// With equal keys every visible value weighs the same: row q is the mean of the first q + 1 values.
const [positions, heads, dim] = [4, 1, 64] as const;
const constant = (n: number): Float64Array => new Float64Array(n).fill(1);
const { o, lse } = grouped.reference({
  q: array(constant(positions * heads * 2 * dim), { axes: ['q', 'g', 'r', 'd'], shape: [positions, heads, 2, dim] }),
  k: array(constant(positions * heads * dim), { axes: ['k', 'g', 'd'], shape: [positions, heads, dim] }),
  v: array(Float64Array.from({ length: positions * dim }, (_, i) => Math.floor(i / dim)), { axes: ['k', 'g', 'd'], shape: [positions, heads, dim] }),
  scale: array([1 / Math.sqrt(dim)], { axes: [], shape: [] }),
});
const out = denseOf(o);
console.log('axes of o:', out.axes.join(', '));
console.log('means of 0…q:', [...new Set(out.data)].map((x) => x.toFixed(2)).join(' '));
console.log('lse − 8 = log(q + 1):', [...new Set(denseOf(lse).data)].map((x) => (x - 8).toFixed(4)).join(' '));
