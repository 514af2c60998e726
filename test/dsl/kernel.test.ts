import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { type AnyTensor, array, cast, denseOf, dot, type In, kernel, map, type Out, rename, sizeOf, sum, tabulate, topk, transposed } from '../../dsl/index.js';
import { roundTo } from '../../dsl/dtype.js';
import { parameterNames } from '../../dsl/parameters.js';
import { values } from '../kit/values.js';
import { refusal } from './refusal.js';

const vector = (data: ArrayLike<number>): In<'f32', ['k']> => array(data, { axes: ['k'], shape: [data.length] });
const numbers = (x: AnyTensor): readonly number[] => [...denseOf(x).data];
const scaled = kernel('scaled', { k: 'dynamic' }, (x: In<'f32', ['k']>, scale: In<'f32', []>): Out<'f32', ['k']> => map(x, scale, (x, scale) => x * scale));

describe('a kernel', () => {
  test.prop([fc.nat(), fc.integer({ min: 0, max: 9 }), fc.integer({ min: -8, max: 8 })])('takes its inputs by name, in order, or as a call, and numbers for scalars', (seed, length, scale) => {
    const x = vector(values(seed, length));
    const expected = numbers(x).map((v) => v * scale);
    expect(numbers(scaled.reference({ scale, x }))).toEqual(expected);
    expect(numbers(scaled.reference([x, array([scale], { axes: [], shape: [] })]))).toEqual(expected);
    expect(numbers(scaled(x, array([scale], { axes: [], shape: [] })))).toEqual(expected);
  });

  example('says its name, its sizes and its parameters', () => {
    expect([scaled.kernelName, scaled.sizes, scaled.parameters]).toEqual(['scaled', { k: 'dynamic' }, ['x', 'scale']]);
  });

  example('with several results gives a record of them', () => {
    const both = kernel('both', { k: 2 }, (x: In<'f32', ['k']>): { total: Out<'f32', []>; best: Out<'i32', ['n']> } => ({ total: sum(x, 'k'), best: topk(x, 'k', 1, 'n') }));
    const { total, best } = both.reference({ x: vector([3, 4]) });
    expect([numbers(total), numbers(best)]).toEqual([[7], [1]]);
  });

  example('leaves the caller its own sizes: kernels nest', () => {
    const inner = kernel('inner', { k: 'dynamic' }, (x: In<'f32', ['k']>): Out<'f32', []> => map(sum(x, 'k'), (s) => s / sizeOf('k')));
    const outer = kernel('outer', { k: 'dynamic' }, (x: In<'f32', ['k']>): Out<'f32', []> => map(inner(vector([1, 3])), sum(x, 'k'), (m, s) => m + s / sizeOf('k')));
    expect(numbers(outer.reference({ x: vector([4, 4, 4, 4]) }))).toEqual([6]);
  });

  example('forgets its sizes when its code throws', () => {
    const broken = kernel('broken', { k: 3 }, (): Out<'i32', ['k']> => tabulate(['k'], () => 0.5));
    expect(refusal(() => broken.reference([]))).toBe('R507 kernel broken: tabulate over [k]: the arrow gave 0.5, it must give integers; use map for other numbers');
    expect(refusal(() => sizeOf('k'))).toBe("R505 sizeOf: 'k' has a length only inside a kernel; call the kernel's reference");
  });

  test.prop([fc.nat(), fc.constantFrom('f16', 'bf16')])('in the rounded mode rounds inputs and casts, nothing else', (seed, dtype) => {
    const product = kernel('product', { k: 'dynamic' }, (x: In<typeof dtype, ['k']>, y: In<typeof dtype, ['k']>): Out<typeof dtype, []> => cast(x.dtype, dot(x, y, 'k')));
    const inputs = [seed, seed + 1].map((s) => array(values(s, 5).map((v) => v / 3), { axes: ['k'], shape: [5], dtype }));
    const [a = [], b = []] = inputs.map((x) => numbers(x).map(roundTo[dtype]));
    expect(numbers(product.reference(inputs, { mode: 'rounded' }))).toEqual([roundTo[dtype](a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0))]);
  });
});

describe('lengths', () => {
  example('of axes that the code makes are known to the code behind them', () => {
    const numbered = kernel('numbered', { k: 3 }, (x: In<'f32', ['k']>): Out<'f32', ['j']> => map(rename(x, 'k', 'j'), tabulate(['j'], (at) => sizeOf('j') - at.j), (x, n) => x * n));
    expect(numbers(numbered.reference({ x: vector([1, 1, 1]) }))).toEqual([3, 2, 1]);
  });

  example('of fixed axes and of axes that only results have come from the kernel and from options.sizes', () => {
    const grid = kernel('grid', { q: 2, k: 'dynamic' }, (): Out<'i32', ['q', 'k']> => tabulate(['q', 'k'], (at) => at.q * sizeOf('k') + at.k));
    expect(denseOf(grid.reference([], { sizes: { k: 3 } })).data).toEqual(Float64Array.of(0, 1, 2, 3, 4, 5));
  });

  const pair = kernel('pair', { q: 2, k: 'dynamic', d: [64, 128] }, (x: In<'f32', ['q', 'k']>, y: In<'f32', ['k']>): Out<'f32', ['q']> => dot(x, y, 'k'));
  const matrix = (q: number, k: number): AnyTensor => array(new Float64Array(q * k), { axes: ['q', 'k'], shape: [q, k] });
  example.each<[string, () => unknown, string]>([
    ['a missing input', () => pair.reference({ x: matrix(2, 3) }), 'R509 kernel pair: input y is missing'],
    ['an input that does not exist', () => pair.reference({ x: matrix(2, 3), y: vector([1, 2, 3]), z: 1 }), 'R509 kernel pair: there is no input z; the inputs are x, y'],
    ['an input too many', () => pair.reference([matrix(2, 3), vector([1, 2, 3]), 1]), 'R509 kernel pair: there is no input number 3; the inputs are x, y'],
    ['a value that is no tensor', () => pair.reference({ x: { dtype: 'f32' }, y: vector([1]) }), 'R501 kernel pair: this is no tensor; make one with array(data, { axes, shape, dtype })'],
    ['a fixed length', () => pair.reference([matrix(3, 3), vector([1, 2, 3])]), "R506 kernel pair: input x has axis 'q' of length 3, expected 2"],
    ['a length that two inputs share', () => pair.reference([matrix(2, 3), vector([1, 2])]), "R506 kernel pair: input y has axis 'k' of length 2, expected 3"],
    ['a length out of a list', () => pair.reference([matrix(2, 1), vector([1])], { sizes: { d: 32 } }), "R506 kernel pair: options.sizes has axis 'd' of length 32, expected 64 or 128"],
    ['an axis that the kernel does not have', () => pair.reference([rename(matrix(2, 3) as In<'f32', ['q', 'k']>, 'k', 'j'), vector([1])]), "R504 kernel pair: input x has axis 'j', which the kernel gives no size; it has q, k, d"],
    ['an operand that lacks the axis', () => pair.reference([vector([1, 2]), array([1], { axes: [], shape: [] })]), "R503 kernel pair: dot over 'k': operand has axes []"],
    ['a made axis of another length', () => kernel('made', { k: 2, j: 3 }, (x: In<'f32', ['k']>): Out<'f32', ['j']> => rename(x, 'k', 'j')).reference([vector([1, 2])]), "R506 kernel made: rename: axis 'j' is 2 long here and 3 in the kernel's sizes"],
  ])('refuse %s', (_, call, text) => {
    expect(refusal(call)).toBe(text);
  });
});

describe('array', () => {
  example.each<[string, () => unknown, string]>([
    ['too few numbers', () => array([1, 2], { axes: ['k'], shape: [3] }), 'R502 array: shape [3] holds 3 elements, got 2'],
    ['axes without lengths', () => array([1], { axes: ['q', 'k'], shape: [1] }), 'R502 array: 2 axes [q, k], 1 lengths [1]'],
    ['an axis twice', () => array([1], { axes: ['k', 'k'], shape: [1, 1] }), "R502 array: axis 'k' stands twice in [k, k]"],
    ['half a length', () => array([], { axes: ['k'], shape: [0.5] }), 'R502 array: shape [0.5] has the length 0.5'],
    ['fractions in i32', () => array([1, 0.5], { axes: ['k'], shape: [2], dtype: 'i32' }), 'R502 array: element 1 is 0.5, no i32'],
  ])('refuses %s', (_, call, text) => {
    expect(refusal(call)).toBe(text);
  });

  example('moves with transposed, whose order must be its own axes', () => {
    const x = array([1, 2, 3, 4, 5, 6], { axes: ['q', 'k'], shape: [2, 3] });
    expect(denseOf(transposed(x, ['k', 'q'])).data).toEqual(Float64Array.of(1, 4, 2, 5, 3, 6));
    expect(refusal(() => transposed(x, ['q']))).toBe('R503 transposed: [q] is no order of the axes [q, k]');
  });
});

describe('parameter names', () => {
  example.each<[string, readonly string[]]>([
    ['(q, k) => q', ['q', 'k']], ['q => q', ['q']], ['() => 1', []], ['(a,b,)=>a', ['a', 'b']], ['function f(x, y) { return x; }', ['x', 'y']],
    ['(/* the rows */ q, // keys, too\n k) => q', ['q', 'k']], ['($0, _1) => $0', ['$0', '_1']],
  ])('of %s', (text, names) => {
    expect(parameterNames(new Function(`return ${text};`)() as () => unknown)).toEqual(names);
  });

  example.each(['({ q }) => q', '(q = 1) => q', '(...q) => q'])('of %s are refused', (text) => {
    expect(() => parameterNames(new Function(`return ${text};`)() as () => unknown)).toThrow(new TypeError('kernel: the parameters must be plain names'));
  });
});
