import { type In, kernel, type Out, ragged, sizeOf, topk } from '../../dsl/index.js';

/**
 * Columns of the largest scores of each chunk and KV head, ascending, ties to the lower column; how many, the offsets of n
 * say. `score` [g, k] and `out` [g, n], both packed by chunk.
 */
export const selectTokens = kernel('selectTokens', { g: 'dynamic', c: 'dynamic', k: ragged('c'), n: ragged('c') },
  (score: In<'f32', ['g', 'c', 'k']>): Out<'i32', ['g', 'c', 'n']> => {
    return topk(score, 'k', sizeOf('n'), 'n');
  });
