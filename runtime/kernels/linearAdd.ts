import { dot, type In, kernel, map, type Out } from '../../dsl/index.js';

/** `out[q, f] = residual[q, f] + Σ_e x[q, e] · w[f, e]`: a projection back into the residual stream, which is f32 whatever is multiplied. */
export const linearAdd = kernel('linearAdd', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, residual: In<'f32', ['q', 'f']>): Out<'f32', ['q', 'f']> => {
    return map(dot(x, w, 'e'), residual, (y, residual) => residual + y);
  });
