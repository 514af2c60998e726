import { type In, kernel, type Out } from '../../dsl/index.js';
import { narrowed } from './functions/narrowed.js';

/**
 * K and V in 8 bits, each KV head in units of its scale, to nearest, ties to even, and saturating at ±448 units.
 * `k` and `v` [k, g, d] with g the KV heads and d the head dimension; `kScale` and `vScale` [g]; `keys` and `values` [k, g, d].
 */
export const narrowRows = kernel('narrowRows', { k: 'dynamic', g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    k: In<E, ['k', 'g', 'd']>, v: In<E, ['k', 'g', 'd']>, kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>,
  ): { keys: Out<'f8e4m3', ['k', 'g', 'd']>; values: Out<'f8e4m3', ['k', 'g', 'd']> } => {
    return { keys: narrowed(k, kScale), values: narrowed(v, vScale) };
  });
