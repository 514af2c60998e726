import { gather, type In, kernel, type Out } from '../../dsl/index.js';

/** The chosen rows of K and V, each KV head its own: `keys[n, g, d] = k[index[g, n], g, d]`. `k`, `v` [k, g, d], `index` [g, n]. */
export const compact = kernel('compact', { k: 'dynamic', n: 'dynamic', g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, index: In<'i32', ['g', 'n']>,
  ): { keys: Out<E, ['n', 'g', 'd']>; values: Out<E, ['n', 'g', 'd']> } => {
    return { keys: gather(k, 'k', index), values: gather(v, 'k', index) };
  });
