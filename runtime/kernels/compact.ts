import { gather, type In, kernel, type Out, ragged } from '../../dsl/index.js';

/**
 * The chosen rows of K and V, each chunk and KV head its own: `keys[n, g, d] = k[index[g, n], g, d]` with rows counted from
 * the chunk's first. Packed by chunk: `k` and `v` [k, g, d], `index` [g, n].
 */
export const compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, index: In<'i32', ['g', 'c', 'n']>,
  ): { keys: Out<E, ['c', 'n', 'g', 'd']>; values: Out<E, ['c', 'n', 'g', 'd']> } => {
    return { keys: gather(k, 'k', index), values: gather(v, 'k', index) };
  });
