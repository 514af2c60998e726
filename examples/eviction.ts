// 5. Choosing which keys to keep, as tensor expressions. Run it: `node build/ts/examples/eviction.js`.
import { array, denseOf, dot, gather, type In, kernel, map, maxPool, type Out, sizeOf, sum, topk, transposed } from 'warpfold/dsl';

// What each key received from the last w rows: p = exp(s − lse) needs no second softmax, because the rows' log-sum-exps
// are inputs. Summed over rows and over the query heads r that share a KV head.
export const received = kernel('received', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: In<'f32', ['w', 'g', 'r', 'd']>, k: In<'f32', ['k', 'g', 'd']>, lse: In<'f32', ['w', 'g', 'r']>): Out<'f32', ['g', 'k']> => {
    const p = map(dot(q, k, 'd'), lse, (s, lse) => Math.exp(s / 8 - lse));
    return sum(sum(p, 'w'), 'r');
  });

// Keys near a strong key are kept with it (a window of 3); ties go to the earlier key; positions come back ascending.
export const keep = kernel('keep', { g: 'dynamic', k: 'dynamic', n: 'dynamic', near: 3 },
  (scores: In<'f32', ['g', 'k']>): Out<'i32', ['g', 'n']> => topk(maxPool(scores, 'k', 'near', 3), 'k', sizeOf('n'), 'n'));

// Each KV head keeps its own rows of the cache.
export const compacted = kernel('compacted', { g: 'dynamic', k: 'dynamic', n: 'dynamic', d: 64 },
  (cache: In<'f32', ['k', 'g', 'd']>, kept: In<'i32', ['g', 'n']>): Out<'f32', ['n', 'g', 'd']> => gather(cache, 'k', kept));

const scores = array([0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.2, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4], { axes: ['g', 'k'], shape: [2, 8] });
const kept = keep.reference({ scores }, { sizes: { n: 4, near: 3 } });
const positions = denseOf(kept);
console.log('head 0 keeps', Array.from(positions.data.subarray(0, 4)).join(' '), '· head 1 keeps', Array.from(positions.data.subarray(4)).join(' '));

const cache = array(Float64Array.from({ length: 8 * 2 * 64 }, (_, i) => Math.floor(i / 128)), { axes: ['k', 'g', 'd'], shape: [8, 2, 64] });
const rows = denseOf(transposed(compacted.reference({ cache, kept }), ['g', 'n', 'd']));
console.log('axes', rows.axes.join(', '), '· the rows kept for head 1 hold', [...new Set(rows.data.subarray(4 * 64))].join(' '));
