import { gather, type In, kernel, type Out, ragged } from '../../dsl/index.js';
import { narrowed } from './functions/narrowed.js';

/**
 * The chosen rows of K and V, each chunk and KV head its own: `keys[n, g, d] = k[index[g, n], g, d]` with rows counted from
 * the chunk's first. Packed by chunk: `k` and `v` [k, g, d], `index` [g, n].
 */
export const compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16' | 'f8e4m3'>(
    k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, index: In<'i32', ['g', 'c', 'n']>,
  ): { keys: Out<E, ['c', 'n', 'g', 'd']>; values: Out<E, ['c', 'n', 'g', 'd']> } => {
    return { keys: gather(k, 'k', index), values: gather(v, 'k', index) };
  });

/** {@link compact} to 8 bits, each KV head in units of its scale; `kScale` and `vScale` [g], `keys` and `values` saturate at ±448 units. */
export const compactScaled = kernel('compactScaled', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    k: In<E, ['c', 'k', 'g', 'd']>, v: In<E, ['c', 'k', 'g', 'd']>, index: In<'i32', ['g', 'c', 'n']>, kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>,
  ): { keys: Out<'f8e4m3', ['c', 'n', 'g', 'd']>; values: Out<'f8e4m3', ['c', 'n', 'g', 'd']> } => {
    return { keys: narrowed(gather(k, 'k', index), kScale), values: narrowed(gather(v, 'k', index), vScale) };
  });
