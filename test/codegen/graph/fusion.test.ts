import { describe, expect, test } from 'vitest';
import { composed, fusionOf, hoistInvariant, inlinedMaps, scalarCost } from '../../../codegen/graph/fusion.js';
import { printExprs, printScalar } from '../../../dsl/print.js';
import type { TensorExpr } from '../../../dsl/expr.js';
import { dot, input, map, reduce } from '../../../dsl/ops.js';
import { binary, lit, pos, select, unary } from '../../../dsl/scalar.js';
import { at, cascade, exp2, mul, named, sub, x0, x1, x2 } from '../tile/programs.js';

const x = input('x', 'f32', ['q', 'k'], at);
const row = input('row', 'f32', ['q'], at);
const twice = map(mul(x0, lit(2)), [x], named('twice'));
const power = map(exp2(x0), [x], named('power'));

describe('fusion', () => {
  test('a map with one element-wise reader over the same axes has no tile', () => {
    const out = map(binary('add', x0, lit(1)), [power], named('out'));
    expect([...inlinedMaps([out])]).toEqual([power]);
    expect(out.kind === 'map' && printScalar(composed(out, inlinedMaps([out])).fn, ['x'])).toBe('exp2(x) + 1');
  });

  test.each<readonly [string, TensorExpr]>([
    ['it is a result', power],
    ['a reduction reads it', reduce('sum', power, 'k', at)],
    ['a product reads it', dot(power, x, 'k', at)],
    ['its reader has more axes and would repeat its work', map(mul(x0, x1), [map(exp2(x0), [row], named('r')), x], at)],
  ])('a map keeps its tile when %s', (_why, root) => expect([...inlinedMaps([root])]).toEqual([]));

  test('every map says what becomes of it and why', () => {
    const out = map(binary('add', x0, x1), [twice, power], named('out'));
    expect(fusionOf([out, reduce('sum', power, 'k', at)]).map((f) => [f.map.span.binding, f.inlined, f.because])).toEqual([
      ['twice', true, 'it has one reader, element by element'], ['power', false, 'a reduce reads it whole'], ['out', false, 'it is stored'],
    ]);
  });

  test('two readers share the tile of dear code and repeat cheap code', () => {
    const dear = [map(binary('add', x0, lit(1)), [power], named('a')), map(binary('add', x0, lit(2)), [power], named('b'))];
    expect(inlinedMaps(dear).size).toBe(0);
    const cheap = [map(binary('add', x0, lit(1)), [twice], named('a')), map(binary('add', x0, lit(2)), [twice], named('b'))];
    expect([...inlinedMaps(cheap)]).toEqual([twice]);
  });

  test('a mask of positions is substituted wherever it is read', () => {
    const mask = map(binary('le', pos('k'), pos('q')), [], named('mask'), ['q', 'k']);
    expect(inlinedMaps([map(mul(x0, x1), [x, mask], at), reduce('sum', map(mul(x0, x1), [power, mask], at), 'k', at)]).has(mask)).toBe(true);
  });

  test('an exponential per row is not computed per element', () => {
    const out = map(mul(x0, exp2(sub(x1, x2))), [x, row, input('next', 'f32', ['q'], at)], named('out'));
    const def = { ...cascade(false).def, params: [], sizes: { q: { kind: 'dynamic' as const }, k: { kind: 'dynamic' as const } }, results: [{ name: 'out', dtype: 'f32' as const, order: ['q', 'k'], value: out, span: at }] };
    expect(printExprs(hoistInvariant(def).results.map((r) => r.value))).toMatchInlineSnapshot(`
      "x_1: f32[q] = exp2(row - next)
      out: f32[q, k] = x * x_1
      → out"
    `);
  });

  test('what a mask divides is divided once a row and once a column, not per element', () => {
    const n = input('n', 'i32', [], at);
    const part = (axis: 'q' | 'k') => unary('floor', binary('div', pos(axis), x0));
    const out = map(select(binary('le', part('k'), part('q')), x1, lit(-1)), [n, input('y', 'f32', ['b', 'q', 'k'], at)], named('out'));
    const sizes = { b: { kind: 'dynamic' as const }, q: { kind: 'dynamic' as const }, k: { kind: 'dynamic' as const } };
    const def = { ...cascade(false).def, params: [], sizes, results: [{ name: 'out', dtype: 'f32' as const, order: ['b', 'q', 'k'], value: out, span: at }] };
    expect(printExprs(hoistInvariant(def).results.map((r) => r.value))).toMatchInlineSnapshot(`
      "x: i32[k] = floor(@k / n)
      x_1: i32[q] = floor(@q / n)
      x_2: i32[k, q] = x <= x_1
      out: f32[b, q, k] = x_2 ? y : -1
      → out"
    `);
  });

  test('divisions by literals and sums cost one operation, functions ten', () => {
    expect(scalarCost(binary('div', x0, lit(2)))).toBe(1);
    expect(scalarCost(binary('div', x0, x1))).toBe(10);
    expect(scalarCost(unary('log', binary('add', x0, x1)))).toBe(11);
  });
});
