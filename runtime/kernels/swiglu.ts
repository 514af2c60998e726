import { cast, dot, type In, kernel, map, type Out } from '../../dsl/index.js';

/** Gated unit (Shazeer, 2020): `out[q, f] = silu(Σ_e x·gate) · Σ_e x·up`, both projections in one pass over `x` [q, e]; `gate`, `up` [f, e]. */
export const swiglu = kernel('swiglu', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, gate: In<E, ['f', 'e']>, up: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => {
    const a = dot(x, gate, 'e');
    const b = dot(x, up, 'e');
    return cast(x.dtype, map(a, b, (a, b) => (a / (1 + Math.exp(-a))) * b));
  });
