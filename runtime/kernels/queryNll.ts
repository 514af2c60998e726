import { dot, gather, type In, kernel, logSumExp, map, type Out } from '../../dsl/index.js';

/**
 * −log p of each target under the vocabulary's softmax: `out[q] = logsumexp_t(h·wᵀ) − h·w[target]`. Logits are never stored.
 * `h` [q, e] normed hidden rows, `w` [t, e] the output embedding, `target` [q] token ids.
 */
export const queryNll = kernel('queryNll', { q: 'dynamic', e: 'dynamic', t: 'dynamic' },
  <E extends 'f32' | 'bf16'>(h: In<E, ['q', 'e']>, w: In<E, ['t', 'e']>, target: In<'i32', ['q']>): Out<'f32', ['q']> => {
    const all = logSumExp(dot(h, w, 'e'), 't');
    const own = dot(h, gather(w, 't', target), 'e');
    return map(all, own, (all, own) => all - own);
  });
