import { expect, test } from 'vitest';
import { refusalsOf } from './source.js';

/** A kernel over x: f32[q, k]. */
const over = (body: string, sizes = "{ q: 'dynamic', k: 'dynamic' }", result = "Out<'f32', ['q']>"): string => `export const a = kernel('a', ${sizes}, (x: In<'f32', ['q', 'k']>): ${result} => ${body});`;
const square = "Out<'f32', ['q', 'k']>";

test.each([
  ['an axis of a reduction', over("sum(x, 'K')"), "error T012: sum over 'K': `x` has axes [q, k], no 'K'; did you mean 'k'?"],
  ['an axis of a contraction', over("dot(x, x, 'kk')"), "error T012: dot over 'kk': `x` has axes [q, k], no 'kk'; did you mean 'k'?"],
  ['an axis to rename', over("rename(x, 'qq', 'p')"), "error T012: rename over 'qq': `x` has axes [q, k], no 'qq'; did you mean 'q'?"],
  ['a position', over('map(x, (x, at) => x * at.Q)', undefined, square), "error F065: at.Q: the result has axes [q, k], no 'Q'; did you mean 'q'?"],
  ['an axis without a size', over("sum(x, 'k')", "{ q: 'dynamic', kk: 'dynamic' }"), "error F015: axis 'k' has no size; add it to the kernel's sizes; did you mean 'kk'?"],
  ['a length', over("map(sum(x, 'k'), (s) => s / sizeOf('K'))"), "error F015: axis 'K' has no size; add it to the kernel's sizes; did you mean 'k'?"],
  ['a kind of size', over("sum(x, 'k')", "{ q: 'dynamic', k: 'dynamc' }"), "error F013: size of 'k': met 'dynamc'; a size is a positive integer, a list of them, 'dynamic' or ragged('c'); did you mean 'dynamic'?"],
  ['a name', over("{ const total = sum(x, 'k'); return totle; }"), 'error F050: `totle` is not defined; did you mean \'total\'?'],
  ['a name of the language', over("summ(x, 'k')"), "error F050: `summ` is not defined; did you mean 'sum'?"],
  ['a name of the language that is not imported', over("avgPool(x, 'k')"), "error F050: `avgPool` is not defined; import it from 'warpfold/dsl'"],
  ['a function of Math', over('map(x, (x) => Math.squirt(x))', undefined, square), "error F056: Math.squirt is not scalar code; of Math there are abs sqrt exp log log2 sin cos tanh floor ceil trunc max min pow; did you mean 'sqrt'?"],
  ['a field', over("{ const parts = { total: sum(x, 'k') }; return parts.totals; }"), "error F058: a record has no 'totals'; did you mean 'total'?"],
  ['a result', over("({ mena: sum(x, 'k') })", undefined, "{ mean: Out<'f32', ['q']> }"), "error F024: the function returns [mena], its annotation says [mean]; did you mean 'mean'?"],
  ['a dtype of a parameter', "export const a = kernel('a', { q: 'dynamic' }, (x: In<'bf61', ['q']>): Out<'f32', ['q']> => cast('f32', x));", "error F026: `x`: the dtype is 'bf61'; it needs 'f32', 'f16', 'bf16', 'f8e4m3', 'i32' or a type parameter bounded by them; did you mean 'bf16'?"],
])('what was meant by %s is said where it is misspelt', (_, text, message) => expect(refusalsOf(text).join('\n')).toContain(message));

test('nothing is guessed where no name is near', () => expect(refusalsOf(over("sum(x, 'z')"))).toEqual(["author.ts:1:111  error T012: sum over 'z': `x` has axes [q, k], no 'z'"]));
