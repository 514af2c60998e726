import { cast, gather, type In, kernel, type Out } from '../../dsl/index.js';

/**
 * Rows of the embedding table as the residual stream begins, in f32: `out[q, e] = table[ids[q], e]`.
 * `table` [t, e] with t the vocabulary; `ids` [q]; an id outside the vocabulary gives a row of zeros.
 */
export const embed = kernel('embed', { t: 'dynamic', q: 'dynamic', e: 'dynamic' },
  <E extends 'f32' | 'bf16'>(table: In<E, ['t', 'e']>, ids: In<'i32', ['q']>): Out<'f32', ['q', 'e']> => {
    return cast('f32', gather(table, 't', ids));
  });
