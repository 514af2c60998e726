import { cast, dot, type In, kernel, map, type Out } from '../../dsl/index.js';

/** `out[q, f] = residual[q, f] + Σ_e x[q, e] · w[f, e]`: a projection back into the residual stream, one rounding for both. */
export const linearAdd = kernel('linearAdd', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, residual: In<E, ['q', 'f']>): Out<E, ['q', 'f']> => {
    return cast(x.dtype, map(dot(x, w, 'e'), residual, (y, residual) => residual + y));
  });
