import { describe, expect, test } from 'vitest';
import { floatLaws, integerLaws, type Law } from '../../../codegen/graph/laws.js';
import { match } from '../../../codegen/graph/match.js';
import { check } from '../../../codegen/graph/check.js';
import { rewrite, rewriteScalar } from '../../../codegen/graph/rewrite.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { input, map } from '../../../dsl/ops.js';
import { arg, binary, evalScalar, lit, scalarChildren, select, type Scalar } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { specials, values } from '../../kit/values.js';

const variables = (s: Scalar): number => (s.kind === 'arg' ? s.index + 1 : Math.max(0, ...scalarChildren(s).map(variables)));
const nodes = (s: Scalar): number => 1 + scalarChildren(s).reduce((n, c) => n + nodes(c), 0);
const at = (s: Scalar, args: readonly number[]): number => evalScalar(s, { args, pos: {}, size: {} });

const holds = ([name, left, right]: Law, draws: readonly number[], same: (a: number, b: number) => boolean): void => {
  const n = Math.max(variables(left), variables(right), 1);
  for (let i = 0; i + n <= draws.length; i++) {
    const args = draws.slice(i, i + n);
    expect(same(at(left, args), at(right, args)), `${name} at ${args.join(', ')}: ${at(left, args)} and ${at(right, args)}`).toBe(true);
  }
};

describe('laws of floating point', () => {
  const draws = [...values(1, 400), ...specials.f32, ...specials.f32.toReversed(), 0, 1, -0, 0];
  // 1/√x and rsqrt x are one operation in the interpreter; everything else keeps its bits, NaN and −0 included.
  test.each(floatLaws)('%s', (...law) => holds(law, draws, Object.is));
});

describe('laws of integers', () => {
  const draws = [...values(2, 400, { dtype: 'i32', min: -50, max: 50 }), 0, 1, -1, 0];
  test.each(integerLaws)('%s', (...law) => holds(law, draws, (a, b) => a === b));
});

test.each([...floatLaws, ...integerLaws])('%s makes its side smaller, so rewriting ends', (_, left, right) => {
  expect(nodes(right)).toBeLessThan(nodes(left));
});

test('a law that does not hold is noticed', () => {
  const [, left] = floatLaws[0] ?? [];
  if (left?.kind !== 'select') throw new Error('the first law is not a select');
  expect(() => holds(['wrong', left, left.cond], [1, 2, 3, 4], Object.is)).toThrow();
});

test('a variable stands for equal expressions only', () => {
  const x: Scalar = { kind: 'arg', index: 0, span: floatLaws[0]?.[1].span ?? { file: '', line: 0, column: 0, text: '', binding: undefined } };
  const y: Scalar = { ...x, index: 1 };
  const pattern: Scalar = { kind: 'binary', op: 'max', a: x, b: x, span: x.span };
  expect(match(pattern, { ...pattern, b: y })).toBeUndefined();
  expect(rewriteScalar({ ...pattern, a: y, b: y }, floatLaws)).toEqual(y);
});

test('a map keeps its dtype where a law leaves whole numbers alone', () => {
  const x = input('x', 'f32', ['k'], nowhere);
  const value = map(select(binary('lt', arg(0), lit(0)), lit(1), binary('add', lit(0.5), lit(0.5))), [x], nowhere);
  const def: KernelDef = {
    name: 'whole', variant: '', file: 'test.ts', sizes: { k: { kind: 'dynamic' } }, dtypes: {}, span: nowhere,
    params: [{ name: 'x', dtype: 'f32', order: ['k'], span: nowhere }], results: [{ name: 'out', dtype: 'f32', order: ['k'], value, span: nowhere }],
  };
  expect(rewrite(def, floatLaws).results[0]?.value.dtype).toBe('f32');
  expect(() => check(rewrite(def, floatLaws), 'laws')).not.toThrow();
});
