import { cast, type In, kernel, map, type Out, ragged, tabulate } from '../../dsl/index.js';
import { narrowed } from './functions/narrowed.js';

/**
 * A new row of K and V for each of some sequences, into the row of the cache that the offsets of k name. All other rows stay
 * as they are, so that where a sequence grows may change from launch to launch while its cache stays in place.
 * `key` and `value` [c, g, d] with c the sequences, g the KV heads and d the head dimension; `keys` and `values` [k, g, d],
 * packed by sequence.
 */
export const appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(key: In<E, ['c', 'g', 'd']>, value: In<E, ['c', 'g', 'd']>): { keys: Out<E, ['c', 'k', 'g', 'd']>; values: Out<E, ['c', 'k', 'g', 'd']> } => {
    const place = tabulate(['k'], (at) => at.k);
    return { keys: cast(key.dtype, map(key, place, (key) => key)), values: cast(value.dtype, map(value, place, (value) => value)) };
  });

/** {@link appendRow} to a cache of 8 bits, each KV head in units of its scale; `kScale` and `vScale` [g], `keys` and `values` saturate at ±448 units. */
export const appendRowScaled = kernel('appendRowScaled', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    key: In<E, ['c', 'g', 'd']>, value: In<E, ['c', 'g', 'd']>, kScale: In<'f32', ['g']>, vScale: In<'f32', ['g']>,
  ): { keys: Out<'f8e4m3', ['c', 'k', 'g', 'd']>; values: Out<'f8e4m3', ['c', 'k', 'g', 'd']> } => {
    const place = tabulate(['k'], (at) => at.k);
    return { keys: narrowed(map(key, place, (key) => key), kScale), values: narrowed(map(value, place, (value) => value), vScale) };
  });
