import { gather, type In, kernel, type Out, sizeOf, topk } from '../../dsl/index.js';

/**
 * Which of a chunk's stored columns survive: the m with the largest scores per KV head, as rows of `columns`, ascending, ties
 * to the lower row. `score` [g, k] of all columns, `columns` [g, n] those that are stored; `out` [g, m].
 */
export const selectStored = kernel('selectStored', { g: 'dynamic', k: 'dynamic', n: 'dynamic', m: 'dynamic' },
  (score: In<'f32', ['g', 'k']>, columns: In<'i32', ['g', 'n']>): Out<'i32', ['g', 'm']> => {
    return topk(gather(score, 'k', columns), 'n', sizeOf('m'), 'm');
  });
