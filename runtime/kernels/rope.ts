import { cast, gather, type In, kernel, map, type Out, tabulate } from '../../dsl/index.js';

/**
 * Rotary positions (Su et al., 2021) in the half-split order of checkpoints: a head's two halves p turn into each other,
 * element d of one with element d of the other, by the angle whose cosine and sine stand in the tables. `x` [q, h, p, d]
 * with h the heads and d half a head; `cos` and `sin` [q, d] in f32, so that angles can be computed in float64 on the host.
 */
export const rope = kernel('rope', { q: 'dynamic', h: 'dynamic', p: 2, d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'h', 'p', 'd']>, cos: In<'f32', ['q', 'd']>, sin: In<'f32', ['q', 'd']>): Out<E, ['q', 'h', 'p', 'd']> => {
    const other = gather(x, 'p', tabulate(['p'], (at) => 1 - at.p));
    return cast(x.dtype, map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -other : other) * sin));
  });
