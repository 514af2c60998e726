import { describe, expect, test } from 'vitest';
import { errorsIn, programOf } from './typeCheck.js';

const names = "import { array, cast, dot, gather, type In, kernel, logSumExp, map, max, maxPool, merge, type Out, rename, sizeOf, softmax, split, sum, tabulate, type Tensor, topk } from '../../dsl/index.js';\n";
const hqd = "q: In<'f32', ['h', 'q', 'd']>";
type Wrong = Readonly<Record<string, readonly [program: string, error: string]>>;

/** A wrong program, and all that TypeScript says about it. */
const wrong: Wrong = {
  'the right operand of dot lacks the axis': [
    `export const f = (${hqd}, v: In<'f32', ['h', 'k', 'e']>): Out<'f32', ['h', 'q', 'k', 'e']> => dot(q, v, 'd');`,
    `Argument of type '"d"' is not assignable to parameter of type '"dot over 'd': right operand has axes e | h | k"'.`],
  'the left operand of dot lacks the axis': [
    `export const f = (${hqd}, v: In<'f32', ['h', 'k', 'd']>): Out<'f32', ['h', 'q']> => dot(q, v, 'k');`,
    `Argument of type '"k"' is not assignable to parameter of type '"dot over 'k': left operand has axes d | h | q"'.`],
  'dot of two dtypes': [
    `export const f = (${hqd}, k: In<'bf16', ['h', 'k', 'd']>): Out<'f32', ['h', 'q', 'k']> => dot(q, k, 'd');`,
    `Argument of type '"d"' is not assignable to parameter of type '"dot over 'd': left operand is f32, right operand is bf16; cast one of them"'.`],
  'dot of a type parameter and a dtype': [
    `export const f = <E extends 'f32' | 'bf16'>(${hqd}, k: In<E, ['h', 'k', 'd']>): Out<'f32', ['h', 'q', 'k']> => dot(q, k, 'd');`,
    `Argument of type '"d"' is not assignable to parameter of type 'IfSame<\`dot over 'd': left operand is f32, right operand is \${E}; cast one of them\`, "f32", E, "d">'.`],
  'a sum over an axis that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q']> => sum(q, 'e');`,
    `Argument of type '"e"' is not assignable to parameter of type '"sum over 'e': operand has axes d | h | q"'.`],
  'a sum of a scalar': [
    `export const f = (x: In<'f32', []>): Out<'f32', []> => sum(x, 'e');`,
    `Argument of type '"e"' is not assignable to parameter of type '"sum over 'e': operand has axes (none)"'.`],
  'a mistake whose result is used further': [
    `export const f = (${hqd}): Out<'f32', ['h']> => { const m = max(q, 'e'); return sum(map(q, m, (x, m) => x - m), 'd'); };`,
    `Argument of type '"e"' is not assignable to parameter of type '"max over 'e': operand has axes d | h | q"'.`],
  'gather over an axis that is not there': [
    `export const f = (${hqd}, at: In<'i32', ['n']>): Out<'f32', ['h', 'q', 'n']> => gather(q, 'k', at);`,
    `Argument of type '"k"' is not assignable to parameter of type '"gather over 'k': operand has axes d | h | q"'.`],
  'gather by numbers that are no integers': [
    `export const f = (${hqd}, at: In<'f32', ['n']>): Out<'f32', ['h', 'q', 'n']> => gather(q, 'd', at);`,
    `Argument of type '"d"' is not assignable to parameter of type '"gather over 'd': the index is f32, it must be i32; write cast('i32', …)"'.`],
  'topk over an axis that is not there': [
    `export const f = (${hqd}): Out<'i32', ['h', 'q', 'n']> => topk(q, 'k', 4, 'n');`,
    `Argument of type '"k"' is not assignable to parameter of type '"topk over 'k': operand has axes d | h | q"'.`],
  'an axis renamed that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'j']> => rename(q, 'k', 'j');`,
    `Argument of type '"k"' is not assignable to parameter of type '"rename over 'k': operand has axes d | h | q"'.`],
  'an axis split that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'o', 'i']> => split(q, 'k', 'o', 'i', 2);`,
    `Argument of type '"k"' is not assignable to parameter of type '"split over 'k': operand has axes d | h | q"'.`],
  'an axis merged that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'f']> => merge(q, 'q', 'k', 'f');`,
    `Argument of type '"k"' is not assignable to parameter of type '"merge over 'k': operand has axes d | h | q"'.`],
  'a position on an axis that the result lacks': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'd']> => map(q, (x, at) => at.k <= at.q ? x : -Infinity);`,
    `Property 'k' does not exist on type 'At<"d" | "h" | "q">'.`],
  'an arrow that gives no number': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'd']> => map(q, (x, at) => at.q < x);`,
    `Type 'boolean' is not assignable to type 'number'.`],
  'a cast to a dtype that does not exist': [
    `export const f = (${hqd}): unknown => cast('f64', q);`,
    `Argument of type '"f64"' is not assignable to parameter of type 'DType'.`],
  'a library function over an axis that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'd']> => softmax(q, 'k');`,
    `Argument of type '"k"' is not assignable to parameter of type '"softmax over 'k': operand has axes d | h | q"'.`],
  'a library function that would remove an axis that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q']> => logSumExp(q, 'k');`,
    `Argument of type '"k"' is not assignable to parameter of type '"logSumExp over 'k': operand has axes d | h | q"'.`],
  'a window over an axis that is not there': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'd']> => maxPool(q, 'k', 'near', 3);`,
    `Argument of type '"k"' is not assignable to parameter of type '"maxPool over 'k': operand has axes d | h | q"'.`],
};

/** Results of another type than the author stated: TypeScript's own sentence, below it which axis or dtype differs. */
const mismatched: Wrong = {
  'a result with another axis': [
    `export const f = (${hqd}): Out<'f32', ['h', 'k']> => sum(q, 'd');`,
    `Type 'Tensor<"f32", "h" | "q">' is not assignable to type 'Out<"f32", ["h", "k"]>'.`],
  'a result with another dtype': [
    `export const f = (${hqd}): Out<'bf16', ['h', 'q']> => sum(q, 'd');`,
    `Type 'Tensor<"f32", "h" | "q">' is not assignable to type 'Out<"bf16", ["h", "q"]>'.`],
  'a result with an axis too few': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q']> => map(q, Math.exp);`,
    `Type 'Tensor<"f32", "d" | "h" | "q">' is not assignable to type 'Out<"f32", ["h", "q"]>'.`],
  'a result with an axis too many': [
    `export const f = (${hqd}): Out<'f32', ['h', 'q', 'd']> => max(q, 'd');`,
    `Type 'Tensor<"f32", "h" | "q">' is not assignable to type 'Out<"f32", ["h", "q", "d"]>'.`],
  'a result of a type parameter that nobody cast': [
    `export const f = <E extends 'f32' | 'bf16'>(x: In<E, ['q']>): Out<E, ['q']> => map(x, Math.exp);`,
    `Type 'Tensor<"f32", "q">' is not assignable to type 'Out<E, ["q"]>'.`],
};

/** Right programs at the edge of what types can say. */
const right: Readonly<Record<string, string>> = {
  'a kernel over two dtypes': `export const k = kernel('k', { q: 'dynamic', k: 'dynamic', d: 64 },
    <E extends 'f32' | 'bf16'>(q: In<E, ['q', 'd']>, k: In<E, ['k', 'd']>, v: In<E, ['k', 'd']>, scale: In<'f32', []>): { o: Out<E, ['q', 'd']>; lse: Out<'f32', ['q']> } => {
      const s = map(dot(q, k, 'd'), scale, (s, scale, at) => (at.k <= at.q ? s * scale : -Infinity));
      return { o: cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k')), lse: logSumExp(s, 'k') };
    });`,
  'sums of a type parameter are f32': `export const f = <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>): Out<'f32', ['q']> => sum(x, 'e');`,
  'sums of i32 are i32': `export const f = (x: In<'i32', ['q', 'e']>): Out<'i32', ['q']> => sum(x, 'e');`,
  'a helper generic in its axes': `export const centred = <A extends string, K extends A>(x: Tensor<'f32', A>, over: K): Tensor<'f32', A> => map(x, max(x, over), (x, m) => x - m);`,
  'a helper that removes an axis': `export const range = <A extends string, K extends A>(x: Tensor<'f32', A>, over: K): Tensor<'f32', Exclude<A, K>> => map(max(x, over), sum(x, over), (m, s) => m - s);`,
  'a helper that uses the library': `export const sharpened = <A extends string, K extends A>(x: Tensor<'f32', A>, over: K): Tensor<'f32', Exclude<A, K>> => logSumExp(softmax(x, over), over);`,
  'a helper that contracts': `export const gram = <A extends string, B extends string, K extends A & B>(x: Tensor<'f32', A>, y: Tensor<'f32', B>, over: K): Tensor<'f32', Exclude<A | B, K>> => dot(x, y, over);`,
  'windows and lookups': `export const f = (x: In<'bf16', ['k', 'e']>): Out<'bf16', ['k', 'w', 'e']> => gather(x, 'k', tabulate(['k', 'w'], (at) => at.k + at.w - sizeOf('w')));`,
  'pooling': `export const f = (x: In<'f32', ['g', 'k']>): Out<'i32', ['g', 'n']> => topk(maxPool(x, 'k', 'near', 7), 'k', sizeOf('n'), 'n');`,
  'grouped axes': `export const f = (x: In<'f32', ['q', 'f']>): Out<'f32', ['q', 'h', 'd']> => split(merge(split(x, 'f', 'h', 'd', 64), 'h', 'd', 'f'), 'f', 'h', 'd', 64);`,
  'references are typed by the author': `const k = kernel('k', { q: 2 }, (x: In<'f32', ['q']>): { a: Out<'f32', ['q']>; b: Out<'i32', []> } => ({ a: x, b: sum(cast('i32', x), 'q') }));
    export const r: { readonly a: Tensor<'f32', 'q'>; readonly b: Tensor<'i32', never> } = k.reference({ x: array([1, 2], { axes: ['q'], shape: [2] }) });`,
};

const texts = { ...right, ...Object.fromEntries(Object.entries({ ...wrong, ...mismatched }).map(([title, [program]]) => [title, program])) };
const fileOf = (title: string): string => title.replaceAll(/\W/g, '_');
const program = programOf(Object.fromEntries(Object.entries(texts).map(([title, text]) => [fileOf(title), names + text])));

describe('a wrong program has one error of one line', () => {
  test.each(Object.entries(wrong))('%s', (title, [, error]) => {
    expect(errorsIn(program, fileOf(title))).toEqual([error]);
  });
});

describe('a result that is not what the author stated has one error, both types in its first line', () => {
  test.each(Object.entries(mismatched))('%s', (title, [, error]) => {
    expect(errorsIn(program, fileOf(title)).map((e) => e.split('\n')[0])).toEqual([error]);
  });
});

describe('a right program has none', () => {
  test.each(Object.keys(right))('%s', (title) => {
    expect(errorsIn(program, fileOf(title))).toEqual([]);
  });
});
