import { type In, kernel, map, max, type Out } from '../../dsl/index.js';

/** The largest magnitude of each head's numbers: `out[g] = max over k and d of |x|`. `x` [k, g, d]; 0 where there are no rows. */
export const headPeaks = kernel('headPeaks', { k: 'dynamic', g: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['k', 'g', 'd']>): Out<'f32', ['g']> => {
    return map(max(max(map(x, (x) => Math.abs(x)), 'd'), 'k'), (m) => Math.max(m, 0));
  });
