import { cast, map, type Tensor } from '../../../dsl/index.js';

/** Numbers of KV heads g in 8 bits, in units of their head's scale; what exceeds 448 units becomes 448. A power of two as scale rounds nothing by itself. */
export const narrowed = <A extends string>(x: Tensor<'f32' | 'bf16', A>, scale: Tensor<'f32', 'g'>): Tensor<'f8e4m3', A | 'g'> => cast('f8e4m3', map(x, scale, (x, scale) => x / scale));
