import { dot, type In, kernel, type Out } from '../../dsl/index.js';

/** Scores of every token in f32: `out[q, t] = Σ_e h[q, e] · w[t, e]`. */
export const logits = kernel('logits', { q: 'dynamic', e: 'dynamic', t: 'dynamic' },
  <E extends 'f32' | 'bf16'>(h: In<E, ['q', 'e']>, w: In<E, ['t', 'e']>): Out<'f32', ['q', 't']> => {
    return dot(h, w, 'e');
  });
