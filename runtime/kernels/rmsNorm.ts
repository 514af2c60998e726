import { cast, type In, kernel, type Out } from '../../dsl/index.js';
import { normed } from './functions/normed.js';

/**
 * Root-mean-square norm with gain (Zhang and Sennrich, 2019): `out[q, e] = x[q, e] · gain[e] / √(mean over e of x² + eps)`.
 * `x` [q, e] in f32, as the residual stream is, `gain` [e]; one rounding, to the gain's dtype.
 */
export const rmsNorm = kernel('rmsNorm', { q: 'dynamic', e: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<'f32', ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>): Out<E, ['q', 'e']> => {
    return cast(gain.dtype, normed(x, gain, eps));
  });
