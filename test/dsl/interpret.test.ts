import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { roundTo } from '../../dsl/dtype.js';
import { array, type Axis, cast, denseOf, dot, gather, kernel, map, max, merge, min, rename, sizeOf, split, sum, tabulate, toArray, topk, type Tensor, transposed } from '../../dsl/index.js';
import { at, differences, drawn, indices, type Index, sizesOf, type Some, tensor } from './tensors.js';

const axes = ['a', 'b', 'c', 'k'] as const;
const union = (...xs: readonly Some[]): readonly Axis[] => [...new Set(xs.flatMap((x) => denseOf(x).axes))];
const along = (n: number | undefined): readonly number[] => Array.from({ length: n ?? 0 }, (_, i) => i);

describe('map', () => {
  test.prop([sizesOf(axes), drawn(axes), drawn(axes), drawn(axes)])('broadcasts by name and hands out positions', (sizes, ...three) => {
    const [x, y, z] = three.map((d) => tensor(d, sizes, 0.2));
    if (!x || !y || !z) return;
    const all = union(x, y, z);
    const made = map(x, y, z, (x, y, z, at: Index) => x - 2 * y + z * all.reduce((n, a) => 5 * n + (at[a] ?? NaN), 0));
    expect(differences(made, all, sizes, (i) => at(x, i) - 2 * at(y, i) + at(z, i) * all.reduce((n, a) => 5 * n + (i[a] ?? NaN), 0))).toEqual([]);
    expect(made.dtype).toBe('f32');
  });

  test.prop([sizesOf(axes), drawn(axes)])('in another memory order is the same map', (sizes, d) => {
    const x = tensor(d, sizes, 0.2);
    const turned = map(transposed(x, d.order.toReversed()), Math.abs);
    expect(differences(turned, d.order, sizes, (i) => at(map(x, Math.abs), i))).toEqual([]);
  });
});

describe('dot', () => {
  test.prop([sizesOf(axes), drawn(axes, ['k'], ['f32']), drawn(axes, ['k'], ['f32'])])('sums products in order of the index', (sizes, a, b) => {
    const [x, y] = [tensor(a, sizes, 0.1), tensor(b, sizes, 0.1)];
    const rest = union(x, y).filter((n) => n !== 'k');
    expect(differences(dot(x, y, 'k'), rest, sizes, (i) => along(sizes.k).reduce((n, k) => n + at(x, { ...i, k }) * at(y, { ...i, k }), 0))).toEqual([]);
  });

  test.prop([sizesOf(axes), drawn(axes, ['k'], ['f32']), drawn(axes, ['k'], ['f32'])])('does not ask which operand comes first', (sizes, a, b) => {
    const [x, y] = [tensor(a, sizes), tensor(b, sizes)];
    const swapped = dot(y, x, 'k');
    expect(differences(dot(x, y, 'k'), denseOf(swapped).axes, sizes, (i) => at(swapped, i))).toEqual([]);
  });
});

const reductions = [['sum', sum, (a: number, b: number) => a + b, 0], ['max', max, Math.max, -Infinity], ['min', min, Math.min, Infinity]] as const;

describe.each(reductions)('%s', (_, reduce, join, start) => {
  test.prop([sizesOf(axes), drawn(axes, ['k'])])('joins the elements along its axis, of none gives its neutral value', (sizes, d) => {
    const x = tensor(d, sizes, 0.1);
    const rest = d.order.filter((a) => a !== 'k');
    expect(differences(reduce(x, 'k'), rest, sizes, (i) => along(sizes.k).reduce((n, k) => join(n, at(x, { ...i, k })), start))).toEqual([]);
  });

  test.prop([drawn(['k'], ['k'])])('keeps i32 and makes everything else f32', (d) => {
    expect(reduce(tensor(d, { k: 2 }), 'k').dtype).toBe(d.dtype === 'i32' ? 'i32' : 'f32');
  });
});

describe('gather', () => {
  const index = drawn(axes, [], ['i32']);
  test.prop([sizesOf(axes), drawn(axes, ['k']), index, fc.constantFrom(0, -Infinity, 7.5)])('reads at computed positions and gives the outside value elsewhere', (sizes, d, j, outside) => {
    const [x, positions] = [tensor(d, sizes, 0.1), tensor(j, sizes, 0, { min: -2, max: 5 }) as Tensor<'i32', Axis>];
    const all = [...new Set([...d.order.filter((a) => a !== 'k'), ...j.order])];
    const expected = (i: Index): number => {
      const k = at(positions, i);
      return k >= 0 && k < sizes.k ? at(x, { ...i, k }) : outside;
    };
    expect(differences(gather(x, 'k', positions, outside), all, sizes, expected)).toEqual([]);
    expect(gather(x, 'k', positions).dtype).toBe(d.dtype);
  });

  test.prop([sizesOf(['k', 'q'], 1), fc.nat()])('with the positions of its axis changes nothing', (sizes, seed) => {
    const x = array(along(sizes.q * sizes.k).map((i) => i * seed), { axes: ['q', 'k'], shape: [sizes.q, sizes.k] });
    const own = array(along(sizes.k), { axes: ['k'], shape: [sizes.k], dtype: 'i32' });
    expect(differences(gather(x, 'k', own), ['q', 'k'], sizes, (i) => at(x, i))).toEqual([]);
  });
});

describe('topk', () => {
  /** Few distinct values, so that ties and NaN are common. */
  const row = fc.array(fc.constantFrom(0, -0, 1, 1, 2, NaN, Infinity, -Infinity), { maxLength: 9 });
  const positions = (row: readonly number[], count: number): readonly number[] => [...denseOf(topk(array(row, { axes: ['k'], shape: [row.length] }), 'k', count, 'n')).data];
  /** Position i is chosen when fewer than `count` others come before it. */
  const byCounting = (row: readonly number[], count: number): readonly number[] => {
    const before = (i: number, j: number): boolean => {
      const [a = NaN, b = NaN] = [row[i], row[j]];
      if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(b);
      return a > b || ((a === b || Number.isNaN(a)) && i < j);
    };
    const all = along(row.length);
    const chosen = all.filter((i) => all.filter((j) => before(j, i)).length < count);
    return [...chosen, ...along(count).slice(chosen.length).map(() => -1)];
  };

  test.prop([row, fc.nat(11)], { numRuns: 500 })('takes the largest in rising order: ties to the lower, NaN last, −1 where there are too few', (row, count) => {
    expect(positions(row, count)).toEqual(byCounting(row, count));
  });

  test.prop([sizesOf(axes), drawn(axes, ['k']), fc.nat(5)])('works row by row', (sizes, d, count) => {
    const x = tensor(d, sizes, 0.3);
    const rest = d.order.filter((a) => a !== 'k');
    const made = topk(x, 'k', count, 'n');
    expect(differences(made, [...rest, 'n'], { ...sizes, n: count }, (i) => byCounting(along(sizes.k).map((k) => at(x, { ...i, k })), count)[i.n ?? 0] ?? NaN)).toEqual([]);
    expect(made.dtype).toBe('i32');
  });
});

describe('rename, split and merge', () => {
  test.prop([sizesOf(axes), drawn(axes, ['k'])])('a renamed axis holds the same elements, and back again it is the same tensor', (sizes, d) => {
    const x = tensor(d, sizes, 0.2);
    const there = rename(x, 'k', 'j');
    expect(differences(there, d.order.map((a) => (a === 'k' ? 'j' : a)), { ...sizes, j: sizes.k }, (i) => at(x, { ...i, k: i.j ?? NaN }))).toEqual([]);
    expect(denseOf(rename(there, 'j', 'k'))).toEqual(denseOf(x));
  });

  test.prop([sizesOf(axes), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }), drawn(axes, ['k'])])('position = outer · size + inner, and merging gives the tensor back', (small, size, outer, d) => {
    const sizes = { ...small, k: size * outer, o: outer, i: size };
    const x = tensor(d, sizes, 0.2);
    const halves = split(x, 'k', 'o', 'i', size);
    expect(differences(halves, d.order.flatMap((a) => (a === 'k' ? ['o', 'i'] : [a])), sizes, (n) => at(x, { ...n, k: (n.o ?? NaN) * size + (n.i ?? NaN) }))).toEqual([]);
    expect(denseOf(merge(halves, 'o', 'i', 'k'))).toEqual(denseOf(x));
  });

  test.prop([sizesOf(axes), drawn(axes, ['a', 'k'])])('any two axes merge, wherever they lie', (sizes, d) => {
    const x = tensor(d, sizes, 0.2);
    const rest = d.order.filter((a) => a !== 'a' && a !== 'k');
    const made = merge(x, 'a', 'k', 'm');
    expect(differences(made, [...rest, 'm'], { ...sizes, m: sizes.a * sizes.k }, ({ m = 0, ...i }) => at(x, { ...i, a: Math.floor(m / sizes.k), k: m % sizes.k }))).toEqual([]);
  });
});

describe('transposed', () => {
  test.prop([sizesOf(axes), drawn(axes).chain((d) => fc.tuple(fc.constant(d), fc.shuffledSubarray([...d.order], { minLength: d.order.length })))])('moves memory and keeps every element', (sizes, [d, order]) => {
    const x = tensor(d, sizes, 0.2);
    const made = transposed(x, order);
    expect(denseOf(made).axes).toEqual(order);
    expect(differences(made, d.order, sizes, (i) => at(x, i))).toEqual([]);
    expect(denseOf(transposed(made, d.order))).toEqual(denseOf(x));
  });
});

describe('toArray', () => {
  test.prop([sizesOf(axes), drawn(axes)])('gives the numbers that array took, in any order of the axes', (sizes, d) => {
    const x = tensor(d, sizes, 0.2);
    const order = d.order.toReversed();
    expect(toArray(x)).toEqual(denseOf(x).data);
    expect(toArray(x, order)).toEqual(denseOf(transposed(x, order)).data);
  });

  example('hands out numbers of its own', () => {
    const x = array([1, 2], { axes: ['k'], shape: [2] });
    toArray(x, ['k'])[0] = 7;
    expect([...toArray(x)]).toEqual([1, 2]);
  });
});

describe('cast', () => {
  test.prop([sizesOf(axes), drawn(axes), drawn([])])('rounds to i32 and keeps within f8e4m3 always, rounds to anything else only in the rounded mode', (sizes, d, { dtype }) => {
    const x = tensor({ ...d, dtype: 'f32' as const }, sizes, 0.2);
    const casting = kernel('casting', Object.fromEntries(d.order.map((a) => [a, 'dynamic' as const])), (x: Some) => cast(dtype, map(x, (x) => x / 3)));
    const exact = casting.reference([x]);
    const meaning = (y: number): number => (dtype === 'i32' ? roundTo.i32(y) : dtype === 'f8e4m3' && Math.abs(y) > 448 ? Math.sign(y) * 448 : y);
    const rounded = casting.reference([x], { mode: 'rounded' });
    expect(differences(exact, d.order, sizes, (i) => meaning(at(x, i) / 3))).toEqual([]);
    expect(differences(rounded, d.order, sizes, (i) => roundTo[dtype](at(x, i) / 3))).toEqual([]);
    expect([exact.dtype, rounded.dtype]).toEqual([dtype, dtype]);
  });
});

describe('tabulate and sizeOf', () => {
  test.prop([sizesOf(['q', 'k'])])('compute from positions and lengths of the running kernel', (sizes) => {
    const places = kernel('places', { q: 'dynamic', k: 'dynamic' }, () => tabulate(['q', 'k'], (at) => at.q * sizeOf('k') + at.k));
    expect(differences(places.reference([], { sizes }), ['q', 'k'], sizes, ({ q = 0, k = 0 }) => q * sizes.k + k)).toEqual([]);
  });
});

example('the naive loops find a tensor that is off in one element', () => {
  const x = array([1, 2, 3, 4], { axes: ['q', 'k'], shape: [2, 2] });
  expect(differences(x, ['q', 'k'], { q: 2, k: 2 }, ({ q = 0, k = 0 }) => [1, 2, -0, 4][q * 2 + k] ?? NaN)).toEqual([{ index: { q: 1, k: 0 }, made: 3, wanted: -0 }]);
  expect(indices(['q', 'k'], { q: 2, k: 0 })).toEqual([]);
});
