import { cast, type In, kernel, map, type Out, sizeOf, sum } from '../../dsl/index.js';

/**
 * Root-mean-square norm with gain (Zhang and Sennrich, 2019): `out[q, e] = x[q, e] · gain[e] / √(mean over e of x² + eps)`.
 * `x` [q, e], `gain` [e]; the mean is taken in f32.
 */
export const rmsNorm = kernel('rmsNorm', { q: 'dynamic', e: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>): Out<E, ['q', 'e']> => {
    const squares = sum(map(x, (x) => x * x), 'e');
    const scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / sizeOf('e') + eps));
    return cast(x.dtype, map(x, scale, gain, (x, scale, gain) => x * scale * gain));
  });
