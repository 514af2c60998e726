import { cast, dot, type In, kernel, map, type Out } from '../../dsl/index.js';
import { normed } from './functions/normed.js';

const gated = (a: number, b: number): number => (a / (1 + Math.exp(-a))) * b;

/** Gated unit (Shazeer, 2020): `out[q, f] = silu(Σ_e x·gate) · Σ_e x·up`, both projections in one pass over `x` [q, e]; `gate`, `up` [f, e]. */
export const swiglu = kernel('swiglu', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, gate: In<E, ['f', 'e']>, up: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => {
    const a = dot(x, gate, 'e');
    const b = dot(x, up, 'e');
    return cast(x.dtype, map(a, b, gated));
  });

/** {@link swiglu} of normed rows, the norm in the same pass; `x` in f32 and `gain` [e] as in rmsNorm. Every block of outputs norms its rows anew: for few rows. */
export const normSwiglu = kernel('normSwiglu', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<'f32', ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>, gate: In<E, ['f', 'e']>, up: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => {
    const normal = cast(gate.dtype, normed(x, gain, eps));
    const a = dot(normal, gate, 'e');
    const b = dot(normal, up, 'e');
    return cast(gate.dtype, map(a, b, gated));
  });
