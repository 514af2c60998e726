import { gather, type In, kernel, type Out } from '../../dsl/index.js';

/** Rows of a matrix by index: `out[q, e] = x[rows[q], e]`. `x` [t, e], `rows` [q]; an index outside gives a row of zeros. */
export const takeRows = kernel('takeRows', { t: 'dynamic', q: 'dynamic', e: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['t', 'e']>, rows: In<'i32', ['q']>): Out<E, ['q', 'e']> => {
    return gather(x, 't', rows);
  });
