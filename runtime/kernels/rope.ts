import { cast, gather, type In, kernel, map, type Out, sizeOf, tabulate } from '../../dsl/index.js';

/**
 * Rotary positions (Su et al., 2021) in the half-split order of checkpoints: element d turns with element d ± D/2 by the
 * angle whose cosine and sine stand in the tables. `x` [q, h, d] with h the heads; `cos` and `sin` [q, d] in f32, so that
 * angles can be computed in float64 on the host.
 */
export const rope = kernel('rope', { q: 'dynamic', h: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'h', 'd']>, cos: In<'f32', ['q', 'd']>, sin: In<'f32', ['q', 'd']>): Out<E, ['q', 'h', 'd']> => {
    const partner = gather(x, 'd', tabulate(['d'], (at) => (at.d + Math.floor(sizeOf('d') / 2)) % sizeOf('d')));
    return cast(x.dtype, map(x, partner, cos, sin, (x, partner, cos, sin, at) => x * cos + (at.d < Math.floor(sizeOf('d') / 2) ? -partner : partner) * sin));
  });
