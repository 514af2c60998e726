import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { readKernels } from '../../codegen/frontend/project.js';
import { stream } from '../../codegen/stream/derive.js';
import type { KernelDef } from '../../dsl/definition.js';
import { printExprs, printKernel, printScalar } from '../../dsl/print.js';
import { dot, input, map } from '../../dsl/ops.js';
import { arg, binary, lit, pos, type Scalar, select, size, unary } from '../../dsl/scalar.js';
import { nowhere } from '../../dsl/span.js';

const read = (text: string): KernelDef => {
  const [source] = readKernels(['author.ts'], { sources: { 'author.ts': `import { cast, dot, gather, type In, kernel, map, max, merge, type Out, rename, sizeOf, split, sum, topk } from './dsl/index.js';\n${text}` } });
  const [def] = source?.variants ?? [];
  if (!def) throw new Error('the text has no kernel');
  return def;
};

describe('a printed kernel', () => {
  example('has its parameters, a node per line under the name of its const, and its results', () => {
    const def = read(`export const rows = kernel('rows', { q: 'dynamic', d: [64, 128] }, <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'd']>, w: In<E, ['d']>, s: In<'f32', []>): { y: Out<E, ['q']>; m: Out<'f32', ['q']> } => {
      const scaled = map(x, s, (x, s, at) => (at.d < sizeOf('q') ? x * s : -Infinity));
      return { y: cast(x.dtype, dot(x, w, 'd')), m: max(scaled, 'd') };
    });`);
    expect(printKernel(def)).toBe(`kernel rows<f32_d64>(x: f32[q, d], w: f32[d], s: f32[])
  x_1: f32[q] = dot(x, w, d)
  y: f32[q] = cast(f32, x_1)
  scaled: f32[q, d] = @d < #q ? x * s : -∞
  m: f32[q] = max(scaled, d)
  return y: f32[q] = y
  return m: f32[q] = m`);
  });

  example('says how axes change and what is moved', () => {
    const def = read(`export const moved = kernel('moved', { k: 6, n: 2 }, (x: In<'f32', ['k']>, at: In<'i32', ['n']>): { a: Out<'f32', ['m']>; b: Out<'f32', ['n']>; c: Out<'i32', ['n']> } => {
      const halves = split(rename(x, 'k', 'j'), 'j', 'o', 'i', 3);
      return { a: merge(halves, 'o', 'i', 'm'), b: gather(x, 'k', at, -Infinity), c: topk(x, 'k', sizeOf('n'), 'n') };
    });`);
    expect(printKernel(def)).toBe(`kernel moved(x: f32[k], at: i32[n])
  x_1: f32[j] = rename k→j (x)
  halves: f32[o, i] = split j→o·i (x_1)
  a: f32[m] = merge o·i→m (halves)
  b: f32[n] = gather(x, k, at, -∞)
  c: i32[n] = topk(x, k, 2, n)
  return a: f32[m] = a
  return b: f32[n] = b
  return c: i32[n] = c`);
  });

  example('shows a fold as one loop with its states and results', () => {
    const def = read("export const norm = kernel('norm', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => map(sum(map(x, (x) => x * x), 'k'), (s) => Math.sqrt(s)));");
    expect(printKernel(stream(def))).toMatchInlineSnapshot(`
      "kernel norm(x: f32[q, k])
        fold over k: acc from 0
          x_1: f32[q, k] = x * x
          acc ← acc + sum(x_1, k)
        out: f32[q] = sqrt(acc)
        return out: f32[q] = out"
    `);
  });
});

describe('printed expressions', () => {
  example('name what they share once, and twins apart', () => {
    const x = input('x', 'f32', ['k'], nowhere);
    const twice = map(binary('mul', lit(2), arg(0)), [x], { ...nowhere, binding: 'y' });
    const other = map(binary('add', arg(0), arg(1)), [twice, twice], { ...nowhere, binding: 'y' });
    expect(printExprs([other, dot(twice, x, 'k', nowhere)])).toBe('y: f32[k] = 2 * x\ny_1: f32[k] = y + y\nx_1: f32[] = dot(y, x, k)\n→ y_1, x_1');
  });
});

const plain: fc.Arbitrary<Scalar> = fc.letrec<{ any: Scalar }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.integer({ min: -9, max: 9 }).map((n) => lit(n)), fc.constant(arg(0)), fc.constant(arg(1))),
    fc.tuple(fc.constantFrom('add', 'sub', 'mul', 'div', 'rem', 'lt', 'le', 'eq', 'and', 'or'), tie('any'), tie('any')).map(([op, a, b]) => binary(op, a, b)),
    tie('any').map((a) => unary('neg', a)),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([c, a, b]) => select(c, a, b)),
  ),
})).any;
/** Every operation in parentheses of its own. */
const bracketed = (s: Scalar): string => {
  switch (s.kind) {
    case 'lit': return String(s.value);
    case 'arg': return s.index === 0 ? 'x' : 'y';
    case 'unary': return `(- ${bracketed(s.a)})`;
    case 'binary': return `(${bracketed(s.a)} ${{ add: '+', sub: '-', mul: '*', div: '/', rem: '%', lt: '<', le: '<=', eq: '===', and: '&&', or: '||' }[String(s.op)]} ${bracketed(s.b)})`;
    default: return s.kind === 'select' ? `(${bracketed(s.cond)} ? ${bracketed(s.a)} : ${bracketed(s.b)})` : '';
  }
};
const run = (text: string, x: number, y: number): unknown => new Function('x', 'y', `return ${text};`)(x, y);

describe('printed scalar code', () => {
  test.prop([plain, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })], { numRuns: 1000 })('means in JavaScript what its tree says', (s, x, y) => {
    expect(run(printScalar(s, ['x', 'y']), x, y)).toEqual(run(bracketed(s), x, y));
  });

  example.each<[Scalar, string]>([
    [lit(-0), '-0'], [lit(Infinity), '∞'], [lit(-Infinity), '-∞'], [lit(NaN), 'NaN'], [arg(3), '$3'], [pos('k'), '@k'], [size('k'), '#k'],
    [binary('max', arg(0), lit(1)), 'max($0, 1)'], [binary('pow', binary('add', arg(0), lit(1)), lit(2)), 'pow($0 + 1, 2)'],
    [unary('neg', unary('neg', arg(0))), '-(-$0)'], [unary('neg', lit(-1)), '-(-1)'], [binary('sub', arg(0), lit(-1)), '$0 - -1'],
    [unary('exp', unary('neg', binary('sub', arg(0), arg(1)))), 'exp(-($0 - $1))'],
    [select(binary('lt', pos('k'), pos('q')), lit(1), select(arg(0), lit(2), lit(3))), '@k < @q ? 1 : ($0 ? 2 : 3)'],
  ])('%#', (s, text) => {
    expect(printScalar(s)).toBe(text);
  });
});
