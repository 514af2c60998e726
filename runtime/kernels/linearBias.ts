import { cast, dot, type In, kernel, map, type Out } from '../../dsl/index.js';

/** `out[q, f] = Σ_e x[q, e] · w[f, e] + bias[f]`: the q, k and v projections of Qwen2. The sum is in f32. */
export const linearBias = kernel('linearBias', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, bias: In<E, ['f']>): Out<E, ['q', 'f']> => {
    return cast(x.dtype, map(dot(x, w, 'e'), bias, (y, bias) => y + bias));
  });
