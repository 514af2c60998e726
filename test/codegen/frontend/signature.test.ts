import { describe, expect, test } from 'vitest';
import type { KernelDef } from '../../../dsl/definition.js';
import { readOne, readText, refusalsOf } from './source.js';

const sizes = (def: KernelDef): string => Object.entries(def.sizes).map(([a, r]) => `${a}: ${r.kind === 'fixed' ? r.size : r.kind === 'ragged' ? `ragged by ${r.by}` : r.kind}`).join(', ');

describe('a signature', () => {
  test('has one variant per dtype and per listed size', () => {
    const [k] = readText(`export const k = kernel('k', { n: 'dynamic', d: [64, 128] }, <E extends 'f16' | 'bf16', F extends 'f32'>(
      x: In<E, ['n', 'd']>, scale: In<F, []>): Out<E, ['n', 'd']> => cast(x.dtype, map(x, scale, (x, scale) => x * scale)));`);
    expect(k?.variants.map((v) => [v.variant, v.dtypes, v.params.map((p) => p.dtype), sizes(v)])).toEqual([
      ['f16_d64', { E: 'f16', F: 'f32' }, ['f16', 'f32'], 'n: dynamic, d: 64'],
      ['f16_d128', { E: 'f16', F: 'f32' }, ['f16', 'f32'], 'n: dynamic, d: 128'],
      ['bf16_d64', { E: 'bf16', F: 'f32' }, ['bf16', 'f32'], 'n: dynamic, d: 64'],
      ['bf16_d128', { E: 'bf16', F: 'f32' }, ['bf16', 'f32'], 'n: dynamic, d: 128'],
    ]);
    expect(k).toMatchObject({
      name: 'k', file: 'author.ts', params: [{ name: 'x', dtype: 'E', order: ['n', 'd'] }, { name: 'scale', dtype: 'F', order: [] }], results: [{ name: 'out', dtype: 'E', order: ['n', 'd'] }],
      sizes: { n: { kind: 'dynamic' }, d: { kind: 'fixed', sizes: [64, 128] } },
    });
  });

  test('follows aliases of types, generic ones and those of other modules included', () => {
    const def = readOne(`import type { Rows, Pair, Half } from './types.js';
      type Vector = In<'f32', ['n']>;
      export const k = kernel('k', { q: 'dynamic', n: 8 }, <E extends Half>(x: Rows<E>, w: Vector): Pair<E> => ({ a: x, b: dot(cast('f32', x), w, 'n') }));`, {
      'types.ts': `import type { In, Out } from './dsl/index.js';
        type Order = readonly ['q', 'n'];
        export type Half = ('bf16');
        export type Rows<T extends string> = (In<T, Order>);
        export interface Pair<T extends string> { a: Out<T, Order>; b: Out<'f32', ['q']> }`,
    });
    expect(def.params.map((p) => `${p.name}: ${p.dtype}[${p.order}]`)).toEqual(['x: bf16[q,n]', 'w: f32[n]']);
    expect(def.results.map((r) => `${r.name}: ${r.dtype}[${r.order}]`)).toEqual(['a: bf16[q,n]', 'b: f32[q]']);
  });

  test('takes sizes from constants', () => {
    expect(sizes(readOne(`const head = 2 ** 6; const options = { d: head, n: 'dynamic' as const };
      export const k = kernel('k', options, (x: In<'f32', ['n', 'd']>): Out<'f32', ['n']> => sum(x, 'd'));`))).toBe('d: 64, n: dynamic');
  });

  test('a function declared elsewhere is a kernel all the same', () => {
    expect(readOne(`import { rowSum } from './rows.js';\nexport const k = kernel('k', { n: 'dynamic' }, rowSum);`, {
      'rows.ts': "import { type In, type Out, sum } from './dsl/index.js';\nexport function rowSum(x: In<'f32', ['n']>): Out<'f32', []> { return sum(x, 'n'); }",
    }).results[0]?.span.file).toBe('rows.ts');
  });

  test('ragged axes are part of it', () => {
    expect(sizes(readOne(`export const k = kernel('k', { c: 'dynamic', k: ragged('c') }, (x: In<'f32', ['c', 'k']>): Out<'f32', ['c']> => sum(x, 'k'));`))).toBe('c: dynamic, k: ragged by c');
  });

  test('every mistake of a signature is told, not only the first', () => {
    expect(refusalsOf(`export const k = kernel('k', { n: 'large', d: 0.5 }, <E>(x: In<E, ['n']>, y: number) => x);`).map((t) => t.replace(/:.*error/, ''))).toMatchInlineSnapshot(`
      [
        "author.ts F013: size of 'n': met 'large'; a size is a positive integer, a list of them, 'dynamic' or ragged('c')",
        "author.ts F013: size of 'd': met the number 0.5; a size is a positive integer, a list of them, 'dynamic' or ragged('c')",
        "author.ts F019: type parameter E has no dtypes; bound it by a union of 'f32', 'f16', 'bf16', 'f8e4m3' and 'i32'",
        "author.ts F020: parameter \`y\` is number; it needs In<dtype, [axes in memory order]>",
        "author.ts F022: the function has no result annotation; memory order exists only there: write Out<dtype, [axes]> or a record of them",
      ]
    `);
  });

  test('kernels that are not exported are nobody\'s', () => {
    expect(readText(`const k = kernel('k', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', []> => sum(x, 'n'));\nexport { k as renamed };\nconst hidden = kernel('hidden', {}, 3);`).map((k) => k.name)).toEqual(['k']);
  });
});

describe('lengths of axes', () => {
  const over = (text: string, sizes = "{ n: 'dynamic' }", order = "'n'", out = "Out<'f32', []>"): string =>
    `export const k = kernel('k', ${sizes}, (x: In<'f32', [${order}]>): ${out} => ${text});`;

  test('a renamed axis is as long as it was', () => {
    expect(sizes(readOne(over("map(x, sum(rename(x, 'n', 'm'), 'm'), (x, s) => x * s)", '{ n: 4 }', "'n'", "Out<'f32', ['n']>")))).toBe('n: 4, m: 4');
  });

  test('splitting a fixed axis fixes both, splitting a dynamic one the inner', () => {
    const rows = "sum(sum(split(x, 'n', 'o', 'i', 8), 'o'), 'i')";
    expect(sizes(readOne(over(rows, '{ n: 32 }')))).toBe('n: 32, i: 8, o: 4');
    expect(sizes(readOne(over(rows)))).toBe('n: dynamic, i: 8, o: dynamic');
  });

  test('merging multiplies', () => {
    expect(sizes(readOne(over("sum(merge(x, 'a', 'b', 'ab'), 'ab')", '{ a: 3, b: 4 }', "'a', 'b'")))).toBe('a: 3, b: 4, ab: 12');
    expect(refusalsOf(over("sum(merge(x, 'a', 'b', 'ab'), 'ab')", "{ a: 3, b: 'dynamic' }", "'a', 'b'"))).toEqual([expect.stringContaining("F066: merge: the size of 'b' (dynamic) is known only at launch")]);
  });

  test('a literal count fixes the axis of the chosen', () => {
    expect(sizes(readOne(over("topk(x, 'n', 9, 'best')", "{ n: 'dynamic' }", "'n'", "Out<'i32', ['best']>")))).toBe('n: dynamic, best: 9');
    expect(refusalsOf(over("topk(x, 'n', 9, 'best')", "{ n: 'dynamic', best: 'dynamic' }", "'n'", "Out<'i32', ['best']>"))).toEqual([expect.stringContaining("T032: topk: 'count' is 9 long, 'best' is dynamic")]);
  });

  test('the length of a fixed axis is a literal', () => {
    const scale = (def: KernelDef): unknown => { const v = def.results[0]?.value; return v?.kind === 'map' && v.fn.kind === 'binary' ? v.fn.b.kind : undefined; };
    const mean = "map(sum(x, 'n'), (s) => s / sizeOf('n'))";
    expect([scale(readOne(over(mean))), scale(readOne(over(mean, '{ n: 8 }')))]).toEqual(['size', 'lit']);
  });
});
