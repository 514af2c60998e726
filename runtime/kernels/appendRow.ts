import { cast, gather, type In, kernel, map, type Out, ragged, tabulate } from '../../dsl/index.js';

/**
 * A new row of K and V for each of some sequences, into the row of the cache that the offsets of k name: V as it is, K turned by
 * the angles of its position, as `rope` turns it. All other rows stay as they are, so that where a sequence grows may change
 * from launch to launch while its cache stays in place.
 * `key` and `value` [c, g, p, d] with c the sequences, g the KV heads, p the halves of a head and d half of it; `cos` and `sin`
 * [c, d] in f32; `keys` and `values` [k, g, p, d], packed by sequence.
 */
export const appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', p: 2, d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(
    key: In<E, ['c', 'g', 'p', 'd']>, value: In<E, ['c', 'g', 'p', 'd']>, cos: In<'f32', ['c', 'd']>, sin: In<'f32', ['c', 'd']>,
  ): { keys: Out<E, ['c', 'k', 'g', 'p', 'd']>; values: Out<E, ['c', 'k', 'g', 'p', 'd']> } => {
    const place = tabulate(['k'], (at) => at.k);
    const other = gather(key, 'p', tabulate(['p'], (at) => 1 - at.p));
    const turned = map(key, other, cos, sin, place, (key, other, cos, sin, _, at) => key * cos + (at.p === 0 ? -other : other) * sin);
    return { keys: cast(key.dtype, turned), values: cast(value.dtype, map(value, place, (value) => value)) };
  });
