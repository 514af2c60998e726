import { cast, dot, type In, kernel, type Out } from '../../dsl/index.js';

/**
 * `out[q, f] = Σ_e x[q, e] · w[f, e]`: a projection without bias, weights in the order of checkpoints (outputs first).
 * The sum is in f32.
 */
export const linear = kernel('linear', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => {
    return cast(x.dtype, dot(x, w, 'e'));
  });
