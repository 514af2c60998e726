import { cast, gather, type In, kernel, map, type Out, sizeOf, topk } from '../../dsl/index.js';

/**
 * Which m rows of `width` numbers each have the largest numbers, by place, ties to the lower row: where that number stands,
 * counted over all rows. Of each row b the largest is known, `value` [n, b], and its `place` [n, b]; `out` [m, n] with n one.
 */
export const bestRow = kernel('bestRow', { b: 'dynamic', n: 'dynamic', m: 'dynamic' },
  (value: In<'f32', ['n', 'b']>, place: In<'i32', ['n', 'b']>, width: In<'i32', []>): Out<'i32', ['m', 'n']> => {
    const row = topk(value, 'b', sizeOf('m'), 'm');
    return cast('i32', map(row, gather(place, 'b', row), width, (row, place, width) => row * width + place));
  });
