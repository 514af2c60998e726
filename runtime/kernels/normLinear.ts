import { cast, dot, type In, kernel, map, type Out } from '../../dsl/index.js';
import { normed } from './functions/normed.js';

/**
 * A norm and the projection behind it in one pass over `x`: `out[q, f] = Σ_e norm(x)[q, e] · w[f, e]`. What a row is
 * divided by is known only at the end of the sum and leaves it: bf16 rounds x · gain, with the same relative error. Every
 * block of outputs norms its rows anew: for few rows.
 * `x` [q, e] in f32 and `gain` [e] as in rmsNorm, `w` [f, e].
 */
export const normLinear = kernel('normLinear', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<'f32', ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>, w: In<E, ['f', 'e']>): Out<E, ['q', 'f']> => {
    return cast(w.dtype, dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'));
  });

/** {@link normLinear} with a bias [f]: the v projection of Qwen2. */
export const normLinearBias = kernel('normLinearBias', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<'f32', ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>, w: In<E, ['f', 'e']>, bias: In<E, ['f']>): Out<E, ['q', 'f']> => {
    return cast(w.dtype, map(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), bias, (y, bias) => y + bias));
  });
