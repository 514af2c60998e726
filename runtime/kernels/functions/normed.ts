import { map, sizeOf, sum, type Tensor } from '../../../dsl/index.js';

/** Rows over their root mean square, with gain (Zhang and Sennrich, 2019): `x[q, e] · gain[e] / √(mean over e of x² + eps)`; the mean is taken in f32. */
export const normed = <E extends 'f32' | 'bf16'>(x: Tensor<'f32', 'q' | 'e'>, gain: Tensor<E, 'e'>, eps: Tensor<'f32', never>): Tensor<'f32', 'q' | 'e'> => {
  const squares = sum(map(x, (x) => x * x), 'e');
  // The divisor of a row without elements is finite too: products hoist it out of a sum that is 0 then.
  const scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps));
  return map(x, scale, gain, (x, scale, gain) => x * scale * gain);
};
