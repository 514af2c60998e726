import { describe, expect, test } from 'vitest';
import { CompileError } from '../../dsl/diagnostic.js';
import type { DType } from '../../dsl/dtype.js';
import type { Axis, Input, TensorExpr } from '../../dsl/expr.js';
import { cast, dot, gather, input, map, reaxis, reduce, topk, unionAxes } from '../../dsl/ops.js';
import { arg, binary, lit, pos } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';

const span: Span = { file: 'author.ts', line: 3, column: 7, text: 'dot(q, k)', binding: undefined };
const of = (name: string, axes: readonly Axis[], dtype: DType = 'f32'): Input => input(name, dtype, axes, span);
const [q, k, v] = [of('q', ['g', 'q', 'd']), of('k', ['g', 'k', 'd']), of('v', ['k', 'e'], 'bf16')];
const face = (e: TensorExpr): string => `${e.dtype}[${e.axes.join(', ')}]`;

describe('a node has the axes and dtype of its rule:', () => {
  test.each<[string, TensorExpr, string]>([
    ['dot joins axes in order of appearance and removes one', dot(q, k, 'd', span), 'f32[g, q, k]'],
    ['dot accumulates in f32', dot(v, of('w', ['e'], 'bf16'), 'e', span), 'f32[k]'],
    ['sum makes f32', reduce('sum', v, 'k', span), 'f32[e]'],
    ['sum keeps i32', reduce('sum', of('n', ['k'], 'i32'), 'k', span), 'i32[]'],
    ['map broadcasts', map(binary('add', arg(0), arg(1)), [q, v], span), 'f32[g, q, d, k, e]'],
    ['map of whole numbers is i32', map(binary('add', arg(0), pos('k')), [of('n', ['k'], 'i32')], span), 'i32[k]'],
    ['map of a fraction is f32', map(binary('add', arg(0), lit(0.5)), [of('n', ['k'], 'i32')], span), 'f32[k]'],
    ['map without operands takes the axes given', map(pos('k'), [], span, ['q', 'k']), 'i32[q, k]'],
    ['gather puts the index in place of the axis', gather(k, 'k', of('at', ['n', 'g'], 'i32'), 0, span), 'f32[g, d, n]'],
    ['topk gives positions on an axis of their own', topk(q, 'd', lit(2), 'n', span), 'i32[g, q, n]'],
    ['rename keeps the place', reaxis(q, { kind: 'rename', from: 'q', to: 'k' }, span), 'f32[g, k, d]'],
    ['split puts two in place of one', reaxis(q, { kind: 'split', from: 'q', outer: 'o', inner: 'i', size: 2 }, span), 'f32[g, o, i, d]'],
    ['split may keep the name', reaxis(q, { kind: 'split', from: 'q', outer: 'q', inner: 'i', size: 2 }, span), 'f32[g, q, i, d]'],
    ['merge stands where the outer one stood', reaxis(q, { kind: 'merge', outer: 'd', inner: 'g', size: 2, to: 'm' }, span), 'f32[q, m]'],
    ['merge may keep a name', reaxis(q, { kind: 'merge', outer: 'd', inner: 'g', size: 2, to: 'g' }, span), 'f32[q, g]'],
    ['cast changes the dtype alone', cast('f16', q, span), 'f16[g, q, d]'],
  ])('%s', (_, e, expected) => {
    expect(face(e)).toBe(expected);
  });

  test('axes of several sets come in order of first appearance', () => {
    expect(unionAxes(['a', 'b'], [], ['c', 'a'])).toEqual(['a', 'b', 'c']);
  });
});

const named: TensorExpr = { ...dot(q, k, 'd', span), span: { ...span, binding: 's' } };
const wrong: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
  'an axis twice': [() => of('x', ['k', 'q', 'k']), "T010: `x` has axis 'k' twice; give one of them another name"],
  'a left operand without the axis': [() => dot(q, k, 'k', span), "T012: dot over 'k': `q` has axes [g, q, d], no 'k'"],
  'a right operand without the axis': [() => dot(q, k, 'q', span), "T012: dot over 'q': `k` has axes [g, k, d], no 'q'"],
  'a sum over an axis that a named value lacks': [() => reduce('sum', named, 'd', span), "T012: sum over 'd': `s` has axes [g, q, k], no 'd'"],
  'a gather over an axis that a value lacks': [() => gather(dot(q, k, 'd', span), 'e', of('at', [], 'i32'), 0, span), "T012: gather over 'e': `dot(q, k)` has axes [g, q, k], no 'e'"],
  'a topk over an axis that is not there': [() => topk(q, 'k', lit(1), 'n', span), "T012: topk over 'k': `q` has axes [g, q, d], no 'k'"],
  'a merge of an axis that is not there': [() => reaxis(q, { kind: 'merge', outer: 'q', inner: 'k', size: 1, to: 'm' }, span), "T012: merge over 'k': `q` has axes [g, q, d], no 'k'"],
  'two dtypes': [() => dot(k, v, 'k', span), "T013: dot over 'k': `k` is f32, `v` is bf16; cast one of them"],
  'a dot of integers': [() => dot(of('n', ['k'], 'i32'), of('m', ['k'], 'i32'), 'k', span), "T014: dot over 'k': `n` is i32; dot multiplies f32, f16 or bf16"],
  'a dot of numbers of 8 bits': [() => dot(of('n', ['k'], 'f8e4m3'), of('m', ['k'], 'f8e4m3'), 'k', span), "T014: dot over 'k': `n` is f8e4m3, which only stores; cast both operands to f32, f16 or bf16"],
  'an index that is not whole': [() => gather(k, 'k', of('at', ['n']), 0, span), "T015: gather over 'k': the index `at` is f32, it must be i32"],
  'a topk onto an axis that is there': [() => topk(q, 'd', lit(1), 'g', span), "T016: topk over 'd': `q` already has axis 'g'; name the result's axis differently"],
  'a rename onto an axis that is there': [() => reaxis(q, { kind: 'rename', from: 'd', to: 'g' }, span), "T017: rename: `q` already has axis 'g'"],
  'a split onto an axis that is there': [() => reaxis(q, { kind: 'split', from: 'd', outer: 'g', inner: 'i', size: 2 }, span), "T017: split: `q` already has axis 'g'"],
  'a split with an inner axis that is there': [() => reaxis(q, { kind: 'split', from: 'd', outer: 'o', inner: 'g', size: 2 }, span), "T017: split: `q` already has axis 'g'"],
  'a split into one name twice': [() => reaxis(q, { kind: 'split', from: 'd', outer: 'o', inner: 'o', size: 2 }, span), "T017: split: `q` already has axis 'o'"],
  'a merge onto an axis that is there': [() => reaxis(q, { kind: 'merge', outer: 'q', inner: 'd', size: 2, to: 'g' }, span), "T017: merge: `q` already has axis 'g'"],
};

describe('refuses, at its span,', () => {
  test.each(Object.entries(wrong))('%s', (_, [call, message]) => {
    expect(call).toThrow(CompileError);
    expect(call).toThrow(new RegExp(`^author\\.ts:3:7 {2}error ${message.replaceAll(/[[\]?()]/g, '\\$&')}$`));
  });
});
