import { type In, kernel, type Out, sizeOf, topk } from '../../dsl/index.js';

/** Columns of the n largest scores of each KV head, ascending, ties to the lower column. `score` [g, k] → [g, n]. */
export const selectTokens = kernel('selectTokens', { g: 'dynamic', k: 'dynamic', n: 'dynamic' },
  (score: In<'f32', ['g', 'k']>): Out<'i32', ['g', 'n']> => {
    return topk(score, 'k', sizeOf('n'), 'n');
  });
