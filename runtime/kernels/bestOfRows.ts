import { gather, type In, kernel, type Out, sizeOf, topk } from '../../dsl/index.js';

/**
 * The n largest of each row and where they stand, by place, ties to the lower place. `x` [b, w]; `place` and `value` [n, b].
 */
export const bestOfRows = kernel('bestOfRows', { b: 'dynamic', w: 'dynamic', n: 'dynamic' },
  (x: In<'f32', ['b', 'w']>): { place: Out<'i32', ['n', 'b']>; value: Out<'f32', ['n', 'b']> } => {
    const place = topk(x, 'w', sizeOf('n'), 'n');
    return { place, value: gather(x, 'w', place) };
  });
