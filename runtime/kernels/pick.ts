import { gather, type In, kernel, type Out } from '../../dsl/index.js';

/** Elements of each row by their positions: `out[g, n] = x[g, index[g, n]]`. `x` [g, k], `index` [g, n]; 0 for a position outside. */
export const pick = kernel('pick', { g: 'dynamic', k: 'dynamic', n: 'dynamic' },
  <E extends 'f32' | 'i32'>(x: In<E, ['g', 'k']>, index: In<'i32', ['g', 'n']>): Out<E, ['g', 'n']> => {
    return gather(x, 'k', index);
  });
